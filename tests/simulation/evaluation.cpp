// Thousands of random firewalls: what the planner and the estimator reach, beside the methods that
// others use. Prints the tables of docs/how-it-measures.md.
#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <cmath>
#include <functional>
#include <iostream>

#include "tests/simulation/simulator.hpp"
#include "tests/simulation/staggering.hpp"

namespace po = boost::program_options;

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;

struct range {
    nanoseconds from{};
    nanoseconds to{};
};

// A row of the table, gathered over many runs.
struct tally {
    int runs{};
    int wrong{};        // the interval does not hold the truth
    int wide{};         // wider than max(0.5 s, 0.1 %)
    int unsharp{};      // called a spread or a mixture
    int open{};         // no interval
    double relative{};  // sum of wall time over T
    double extra_s{};
    double worst{};
    double opened{};
    double probes{};

    void time(nanoseconds took, nanoseconds truth)
    {
        const double times = to_seconds(took) / to_seconds(truth);
        relative += times;
        extra_s += to_seconds(took - truth);
        worst = std::max(worst, times);
    }
    void interval(nanoseconds low, nanoseconds high, nanoseconds truth, nanoseconds tolerance)
    {
        wrong += low > truth || high + tolerance < truth ? 1 : 0;
        wide += to_seconds(high - low) > std::max(0.5, 0.001 * to_seconds(truth)) + 0.003 ? 1 : 0;
    }
};

nanoseconds draw(const range& of, random_source& random)
{
    std::uniform_real_distribution<double> even{std::log(to_seconds(of.from)),
                                                std::log(to_seconds(of.to))};
    return from_seconds(std::exp(even(random)));
}

std::vector<path> four_paths(int count)
{
    std::vector<path> all;
    for (int i = 0; i < count; ++i)
        all.push_back({.family = address_family::ipv4,
                       .server_port = 7443,
                       .kind = i % 2 == 0 ? transport::tls : transport::wss});
    return all;
}

struct scenario {
    planner::plan plan;
    range truths;
    network net;
    int outages{};  // of 10 s, in the time that the run is expected to take
};

std::vector<span_of_time> random_outages(int count, nanoseconds within, random_source& random)
{
    std::vector<span_of_time> all;
    std::uniform_real_distribution<double> share{0, 1};
    for (int i = 0; i < count; ++i) {
        const auto from = from_seconds(to_seconds(within) * share(random));
        all.push_back({from, from + 10s});
    }
    return all;
}

void add(tally& to, const record& took, nanoseconds truth, double loss)
{
    ++to.runs;
    to.time(took.ended_at, truth);
    to.opened += took.opened;
    to.probes += took.probes;
    bool wrong = false;
    bool wide = false;
    bool unsharp = false;
    bool open = false;
    for (const auto& each : estimate::estimate(took.seen, {.packet_loss = loss})) {
        using enum estimate::finding_kind;
        unsharp = unsharp || each.kind == spread || each.kind == mixture;
        open = open || !each.low || !each.high;
        if (!each.low || !each.high)
            continue;
        tally one;
        one.interval(*each.low, *each.high, truth, 0ns);
        wrong = wrong || one.wrong > 0;
        wide = wide || one.wide > 0;
    }
    to.wrong += wrong ? 1 : 0;
    to.wide += wide ? 1 : 0;
    to.unsharp += unsharp ? 1 : 0;
    to.open += open ? 1 : 0;
}

tally adaptive(const scenario& of, int runs, std::uint64_t seed)
{
    tally sum;
    random_source random{seed};
    for (int i = 0; i < runs; ++i) {
        const auto truth = draw(of.truths, random);
        auto net = of.net;
        net.outages = random_outages(of.outages, truth, random);
        add(sum, run(of.plan, {.idle_timeout = truth}, net, random()), truth, net.loss);
    }
    return sum;
}

tally baseline(const scenario& of, int runs, std::uint64_t seed,
               const std::function<yardstick(nanoseconds, random_source&)>& method)
{
    tally sum;
    random_source random{seed};
    for (int i = 0; i < runs; ++i) {
        const auto truth = draw(of.truths, random);
        const auto found = method(truth, random);
        ++sum.runs;
        sum.time(found.took, truth);
        sum.interval(found.low, found.high, truth, 0ns);
        sum.opened += found.opened;
        sum.probes += found.probes;
    }
    return sum;
}

void head(std::string_view title)
{
    fmt::print("\n{}\n{:<24} {:>5} {:>7} {:>7} {:>8} {:>7} {:>7} {:>8} {:>7} {:>7} {:>7}\n", title,
               "method", "runs", "wall/T", "worst", "extra s", "narrow%", "holds%", "unsharp%",
               "open%", "opened", "probes");
}

void print(std::string_view name, const tally& row)
{
    const double n = row.runs;
    fmt::print(
        "{:<24} {:>5} {:>7.3f} {:>7.3f} {:>8.1f} {:>7.2f} {:>7.2f} {:>8.2f} {:>7.2f} {:>7.0f} "
        "{:>7.0f}\n",
        name, row.runs, row.relative / n, row.worst, row.extra_s / n, 100 * (1 - row.wide / n),
        100 * (1 - row.wrong / n), 100 * row.unsharp / n, 100 * row.open / n, row.opened / n,
        row.probes / n);
}

scenario base(std::uint32_t connections, double loss)
{
    scenario of;
    of.plan.paths = four_paths(2);
    of.plan.directions = {direction::to_client, direction::to_server};
    of.plan.idle_min = 5s;
    of.plan.idle_max = 24h;
    of.plan.connections = connections;
    of.plan.packet_loss = loss;
    of.net.loss = loss;
    of.truths = {6s, 80000s};
    return of;
}

void against_others(int runs, std::uint64_t seed)
{
    for (const double loss : {0.0, 0.01, 0.05}) {
        const auto of = base(128, loss);
        head(fmt::format("unknown T, 6 s to 22 h, {} % loss, 128 connections, seed {}", 100 * loss,
                         seed));
        staggered how;
        how.losses_needed = loss > 0 ? 2 : 1;
        print("sequential", baseline(of, runs, seed, [&](nanoseconds truth, random_source& random) {
                  return sequentially(how, truth, loss, random);
              }));
        for (const int passes : {1, 2, 3})
            print(fmt::format("{} pass{}", passes, passes > 1 ? "es" : ""),
                  baseline(of, runs, seed, [&](nanoseconds truth, random_source& random) {
                      return in_passes(passes, how, truth, loss, random);
                  }));
        print("deadair", adaptive(of, runs, seed));
    }
}

void by_range(int runs, std::uint64_t seed)
{
    head(fmt::format("deadair by T, 1 % loss, seed {}", seed));
    struct part {
        const char* name;
        range of;
    };
    for (const std::uint32_t connections : {64U, 128U, 256U})
        for (const auto& each :
             {part{"6 s to 20 s", {6s, 20s}}, part{"20 s to 100 s", {20s, 100s}},
              part{"100 s to 500 s", {100s, 500s}}, part{"500 s to 3000 s", {500s, 3000s}},
              part{"over 3000 s", {3000s, 80000s}}}) {
            auto of = base(connections, 0.01);
            of.truths = each.of;
            print(fmt::format("{} N={}", each.name, connections), adaptive(of, runs, seed));
        }
}

void through_outages(int runs, std::uint64_t seed)
{
    head(fmt::format("six outages of 10 s in each run, 1 % loss, 128 connections, seed {}", seed));
    auto of = base(128, 0.01);
    of.outages = 6;
    of.truths = {60s, 20000s};
    print("deadair", adaptive(of, runs, seed));
}

void shapes(int runs, std::uint64_t seed)
{
    fmt::print(
        "\nshape of the expiry at T = 300 s, 128 connections, seed {}: called\n{:<24} {:>8} "
        "{:>8} {:>8}\n",
        seed, "truth", "timeout", "spread", "mixture");
    struct part {
        const char* name;
        middlebox box;
    };
    for (const auto& each :
         {part{"sharp", {.idle_timeout = 300s}},
          part{"grain 15 s", {.idle_timeout = 300s, .grain = 15s}},
          part{"grain 60 s", {.idle_timeout = 300s, .grain = 60s}},
          part{"mixture 10 %", {.idle_timeout = 300s, .other_timeout = 120s, .other_share = 0.1}},
          part{"mixture 50 %",
               {.idle_timeout = 300s, .other_timeout = 120s, .other_share = 0.5}}}) {
        std::map<estimate::finding_kind, int> kinds;
        random_source random{seed};
        const auto of = base(128, 0.01);
        for (int i = 0; i < runs; ++i) {
            auto worst = estimate::finding_kind::timeout;
            for (const auto& found :
                 estimate::estimate(run(of.plan, each.box, of.net, random()).seen, {0.01}))
                if (found.kind == estimate::finding_kind::spread ||
                    found.kind == estimate::finding_kind::mixture)
                    worst = found.kind;
            ++kinds[worst];
        }
        const auto share = [&](estimate::finding_kind kind) { return 100.0 * kinds[kind] / runs; };
        fmt::print("{:<24} {:>7.1f}% {:>7.1f}% {:>7.1f}%\n", each.name,
                   share(estimate::finding_kind::timeout), share(estimate::finding_kind::spread),
                   share(estimate::finding_kind::mixture));
    }
}

}  // namespace

}  // namespace deadair::simulation

int main(int argc, char** argv)
{
    namespace sim = deadair::simulation;
    int runs = 400;
    std::uint64_t seed = 1;
    po::options_description known{"deadair-evaluation"};
    known.add_options()("help", "this text")("runs", po::value(&runs), "per row")(
        "seed", po::value(&seed), "of the random firewalls");
    po::variables_map given;
    try {
        po::store(po::parse_command_line(argc, argv, known), given);
        po::notify(given);
    } catch (const po::error& error) {
        fmt::print(stderr, "deadair-evaluation: {}\n", error.what());
        return 2;
    }
    if (given.count("help") > 0) {
        std::cout << known;
        return 0;
    }
    sim::against_others(runs, seed);
    sim::by_range(runs, seed);
    sim::through_outages(runs, seed);
    sim::shapes(runs, seed);
    return 0;
}
