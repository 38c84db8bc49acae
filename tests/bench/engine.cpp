// What the planner and the estimator cost. Each figure stands beside a fixed calibration loop of
// the same run, so that it can be compared between machines.
#include <benchmark/benchmark.h>

#include <random>

#include "analysis/estimate/estimate.hpp"
#include "prober/planner/planner.hpp"
#include "tests/simulation/simulator.hpp"

namespace deadair {

namespace {

using namespace std::chrono_literals;

planner::plan plan_of(std::uint32_t connections)
{
    planner::plan wanted;
    for (const auto kind : {transport::tls, transport::wss})
        wanted.paths.push_back({.family = address_family::ipv4, .server_port = 7443, .kind = kind});
    wanted.directions = {direction::to_client, direction::to_server};
    wanted.idle_max = 24h;
    wanted.connections = connections;
    return wanted;
}

// A million steps of a generator: about a millisecond, and the same work everywhere.
void calibration(benchmark::State& state)
{
    for (auto _ : state) {
        std::minstd_rand source{1};
        std::uint32_t sum = 0;
        for (int i = 0; i < 1'000'000; ++i)
            sum += static_cast<std::uint32_t>(source());
        benchmark::DoNotOptimize(sum);
    }
}
BENCHMARK(calibration)->Unit(benchmark::kMicrosecond);

// The planner amid its search, with all connections open, called when nothing is due.
void planner_step(benchmark::State& state)
{
    const auto wanted = plan_of(static_cast<std::uint32_t>(state.range(0)));
    planner::planner plan{wanted};
    nanoseconds now{};
    for (int step = 0; step < 20'000 && now < 1h; ++step) {
        for (const auto& todo : plan.act(now)) {
            if (const auto* up = std::get_if<planner::open_connection>(&todo))
                plan.on(planner::opened{up->connection, now});
            else if (const auto* send = std::get_if<planner::send_probe>(&todo))
                plan.on(planner::settled{send->probe, outcome::delivered, 5s, now, 1});
        }
        now = std::max(now + 1ms, plan.wake_at().value_or(now + 1s));
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(plan.act(now += 1us));
}
BENCHMARK(planner_step)->Arg(64)->Arg(128)->Arg(256)->Unit(benchmark::kMicrosecond);

// A whole run against a simulated firewall, a step at a time.
void whole_run(benchmark::State& state)
{
    const auto wanted = plan_of(static_cast<std::uint32_t>(state.range(0)));
    simulation::network net;
    net.loss = 0.01;
    std::uint64_t seed = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(simulation::run(wanted, {.idle_timeout = 900s}, net, ++seed));
}
BENCHMARK(whole_run)->Arg(128)->Unit(benchmark::kMillisecond);

std::vector<estimate::observation> probes(std::size_t count)
{
    std::mt19937_64 random{1};
    std::vector<estimate::observation> seen;
    for (std::size_t i = 0; i < count; ++i) {
        estimate::observation one;
        one.where.on.kind = i % 2 == 0 ? transport::tls : transport::wss;
        one.where.way = i % 4 < 2 ? direction::to_client : direction::to_server;
        one.connection_id = static_cast<std::uint32_t>(i % 500);
        one.idle_age = std::chrono::milliseconds{5'000 + random() % 600'000};
        one.result = one.idle_age < 300s ? outcome::delivered : outcome::lost;
        one.unanswered = 4;
        one.settled_at = std::chrono::milliseconds{i};
        seen.push_back(one);
    }
    return seen;
}

void finding(benchmark::State& state)
{
    const auto seen = probes(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(estimate::estimate(seen, {}));
}
BENCHMARK(finding)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace deadair
