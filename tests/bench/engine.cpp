// What the planner and the estimator cost. Each figure stands beside a fixed calibration loop of
// the same run, so that it can be compared between machines.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <queue>
#include <random>
#include <vector>

#include "analysis/estimate/estimate.hpp"
#include "prober/planner/programme.hpp"
#include "tests/simulation/box/idle_timer.hpp"
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
    planner::programme plan{planner::parts_of({wanted, {}})};
    nanoseconds now{};
    for (int step = 0; step < 20'000 && now < 1h; ++step) {
        for (const auto& todo : plan.act(now)) {
            if (const auto* up = std::get_if<planner::open_connection>(&todo))
                plan.on(planner::opened{up->connection, now});
            else if (const auto* send = std::get_if<planner::send_probe>(&todo))
                plan.on(planner::settled{send->probe, outcome::delivered, 5s, 1ms, now, 1});
        }
        now = std::max(now + 1ms, plan.wake_at().value_or(now + 1s));
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(plan.act(now += 1us));
}
BENCHMARK(planner_step)->Arg(64)->Arg(128)->Arg(256)->Unit(benchmark::kMicrosecond);

// A firewall that forgets after 900 s, for the planner alone: its answers come when they are due.
class answers {
public:
    /// Does what was asked; what comes of it is told later.
    void carry_out(const std::vector<planner::action>& todo, nanoseconds now)
    {
        for (const auto& each : todo)
            if (const auto* up = std::get_if<planner::open_connection>(&each)) {
                silent_since_.resize(
                    std::max<std::size_t>(silent_since_.size(), up->connection + 1));
                add(now + 50ms, planner::opened{up->connection, now + 50ms});
                silent_since_[up->connection] = now + 50ms;
            } else if (const auto* send = std::get_if<planner::send_probe>(&each)) {
                auto& since = silent_since_[send->connection];
                const auto age = now - since;
                const bool lives = age < 900s;
                const auto at = now + (lives ? 50ms : 2s);
                add(at, planner::settled{send->probe, lives ? outcome::delivered : outcome::lost,
                                         age, 1ms, at, lives ? 0U : 4U});
                since = at;
            }
    }
    std::optional<nanoseconds> next_at() const
    {
        return due_.empty() ? std::nullopt : std::optional{due_.top().at};
    }
    planner::event take()
    {
        const auto next = due_.top().what;
        due_.pop();
        return next;
    }

private:
    struct answer {
        nanoseconds at;
        std::uint64_t order;
        planner::event what;
        bool operator<(const answer& other) const
        {
            return at != other.at ? at > other.at : order > other.order;
        }
    };
    void add(nanoseconds at, planner::event what) { due_.push({at, ++order_, what}); }

    std::priority_queue<answer> due_;
    std::vector<nanoseconds> silent_since_;
    std::uint64_t order_{};
};

// One run: how long each step took in which the planner was told something or decided something.
std::vector<double> deciding_steps_us(const planner::plan& wanted)
{
    std::vector<double> steps;
    planner::programme plan{planner::parts_of({wanted, {}})};
    answers firewall;
    nanoseconds now{};
    while (!plan.finished()) {
        const auto next = firewall.next_at();
        const auto wake = plan.wake_at();
        if (!next && !wake)
            break;
        const bool told = next && (!wake || *next <= *wake);
        now = std::max(now, told ? *next : *wake);
        const auto from = std::chrono::steady_clock::now();
        if (told)
            plan.on(firewall.take());
        const auto todo = plan.act(now);
        const auto took = std::chrono::steady_clock::now() - from;
        if (told || !todo.empty())
            steps.push_back(std::chrono::duration<double, std::micro>(took).count());
        firewall.carry_out(todo, now);
    }
    return steps;
}

// The planner as it decides: the steps of whole runs that find 900 s.
void planner_deciding(benchmark::State& state)
{
    const auto wanted = plan_of(static_cast<std::uint32_t>(state.range(0)));
    std::vector<double> steps;
    for (auto _ : state) {
        const auto more = deciding_steps_us(wanted);
        steps.insert(steps.end(), more.begin(), more.end());
    }
    std::ranges::sort(steps);
    state.counters["median_us"] = steps[steps.size() / 2];
    state.counters["p99_us"] = steps[steps.size() * 99 / 100];
}
BENCHMARK(planner_deciding)->Arg(64)->Arg(128)->Arg(256)->Unit(benchmark::kMillisecond);

// A whole run against a simulated firewall, a step at a time.
void whole_run(benchmark::State& state)
{
    const auto wanted = plan_of(static_cast<std::uint32_t>(state.range(0)));
    simulation::network net;
    net.loss = 0.01;
    std::uint64_t seed = 0;
    for (auto _ : state) {
        simulation::idle_timer box{{.idle_timeout = 900s}};
        benchmark::DoNotOptimize(simulation::run(wanted, box, net, ++seed));
    }
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
