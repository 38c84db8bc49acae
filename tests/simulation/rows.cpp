#include "tests/simulation/rows.hpp"

#include <cmath>

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;

std::vector<path> four_paths(int count)
{
    std::vector<path> all;
    for (int i = 0; i < count; ++i)
        all.push_back({.family = address_family::ipv4,
                       .server_port = 7443,
                       .kind = i % 2 == 0 ? transport::tls : transport::wss});
    return all;
}

std::vector<span_of_time> random_outages(int count, nanoseconds within, random_source& random)
{
    std::vector<span_of_time> all;
    std::uniform_real_distribution<double> share{0, 1};
    for (int i = 0; i < count; ++i) {
        const auto from = from_seconds(to_seconds(within) * share(random));
        all.push_back({from, from + 10s});
    }
    std::ranges::sort(all, {}, &span_of_time::from);
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

}  // namespace

nanoseconds draw(const range& of, random_source& random)
{
    std::uniform_real_distribution<double> even{std::log(to_seconds(of.from)),
                                                std::log(to_seconds(of.to))};
    return from_seconds(std::exp(even(random)));
}

tally adaptive(const scenario& of, int runs, std::uint64_t seed)
{
    tally sum;
    random_source random{seed};
    for (int i = 0; i < runs; ++i) {
        const auto truth = draw(of.truths, random);
        auto net = of.net;
        net.outages = random_outages(of.outages, truth, random);
        idle_timer box{{.idle_timeout = truth}};
        add(sum, run(of.plan, box, net, random()), truth, net.loss);
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
    of.truths = {5s, 24h};
    return of;
}

called shapes_of(const box_maker& box, int runs, std::uint64_t seed)
{
    random_source random{seed};
    const auto of = base(128, 0.01);
    called count;
    for (int i = 0; i < runs; ++i) {
        bool spread = false;
        bool mixture = false;
        const auto one = box();
        for (const auto& found :
             estimate::estimate(run(of.plan, *one, of.net, random()).seen, {.packet_loss = 0.01})) {
            spread = spread || found.kind == estimate::finding_kind::spread;
            mixture = mixture || found.kind == estimate::finding_kind::mixture;
        }
        (mixture ? count.mixture : spread ? count.spread : count.timeout) += 100.0 / runs;
    }
    return count;
}

namespace {

struct jittery {
    box_ptr box;
    nanoseconds longest{};
};

// However its expiry jitters; sometimes a tenth of the connections lives twice as long.
jittery any_jittery(random_source& random)
{
    idle_timer::settings how{.idle_timeout = draw({2s, 1000s}, random)};
    const auto jitter = draw({1ms, how.idle_timeout / 5}, random);
    how.then = static_cast<at_expiry>(random() % 3);
    auto box = std::make_unique<jittery_timer>(how, jitter);
    if (random() % 2 != 0)
        return {std::move(box), how.idle_timeout + jitter};
    how.idle_timeout *= 2;
    return {std::make_unique<balancer>(std::move(box), std::make_unique<jittery_timer>(how, jitter),
                                       balancer::by_chance(0.1)),
            how.idle_timeout + jitter};
}

}  // namespace

namespace {

constexpr nanoseconds timeout_with_few = 2h;

// One that it does not have, with few connections either.
bool calls_it_another_timeout(const estimate::finding& one)
{
    return one.kind == estimate::finding_kind::timeout &&
           (one.low.value_or(0s) > timeout_with_few ||
            one.high.value_or(timeout_with_few) < timeout_with_few);
}

}  // namespace

double room_called_another_timeout(int runs, std::uint64_t seed)
{
    random_source random{seed};
    auto of = base(128, 0.01);
    of.plan.idle_max = 2h;
    int called = 0;
    for (int i = 0; i < runs; ++i) {
        full_table box{{.idle_timeout = timeout_with_few}, 10 + random() % 115};
        const auto found =
            estimate::estimate(run(of.plan, box, of.net, random()).seen, {.packet_loss = 0.01});
        called += std::ranges::any_of(found, calls_it_another_timeout) ? 1 : 0;
    }
    return 100.0 * called / runs;
}

double in_time(int runs, std::uint64_t seed)
{
    random_source random{seed};
    int ended = 0;
    for (int i = 0; i < runs; ++i) {
        const auto of_it = any_jittery(random);
        auto of = base(i % 2 == 0 ? 128 : 32, 0.01);
        of.plan.idle_min = 1s;
        const auto took = run(of.plan, *of_it.box, of.net, random());
        ended += took.finished && took.ended_at <= 6 * of_it.longest + 120s ? 1 : 0;
    }
    return 100.0 * ended / runs;
}

}  // namespace deadair::simulation
