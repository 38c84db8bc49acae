#include "tests/simulation/whole_runs.hpp"

#include <algorithm>

#include "analysis/estimate/refreshed.hpp"

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::refresh_effect;

constexpr double loss = 0.01;

/// Of one run.
struct counts {
    int refreshes{};
    int right{};
    int wrong{};
    int silent{};
    int open{};
};

bool is_of_age(const means& how)
{
    return how.by == refresh::data && how.from == refresh_side::both;
}

void count(counts& to, const finding& each, nanoseconds truth, bool blind)
{
    const auto& how = each.where.how;
    if (how.by == refresh::none) {
        // What heeds data alone counts from half a round trip earlier than an age is told.
        if (blind)
            return;
        ++to.silent;
        to.open += each.low && each.high && *each.low <= truth && *each.high >= truth ? 0 : 1;
    } else if (!is_of_age(how)) {
        const bool in_vain = blind && how.by == refresh::tcp_keepalive;
        const auto truly = in_vain ? refresh_effect::does_not_count : refresh_effect::counts;
        const auto said = estimate::effect_of(each);
        ++to.refreshes;
        to.right += said == truly ? 1 : 0;
        to.wrong += said != truly && said != refresh_effect::inconclusive ? 1 : 0;
    }
}

nanoseconds told_by(const record& took)
{
    nanoseconds last{};
    for (const auto& each : took.seen)
        if (each.where.how.by != refresh::none && !is_of_age(each.where.how))
            last = std::max(last, each.settled_at);
    return last;
}

box_ptr box_with(nanoseconds timeout, bool blind)
{
    const idle_timer::settings after{.idle_timeout = timeout};
    if (blind)
        return std::make_unique<keepalive_blind>(after);
    return std::make_unique<idle_timer>(after);
}

planner::wanted_of_run everything()
{
    planner::wanted_of_run wanted;
    wanted.search = base(128, loss).plan;
    for (const auto by : {refresh::tcp_keepalive, refresh::ws_ping, refresh::data})
        wanted.refreshes.push_back({by, refresh_side::client});
    return wanted;
}

}  // namespace

nanoseconds may_take(nanoseconds truth)
{
    return from_seconds((truth > 60s ? 1.2 : 1.5) * to_seconds(truth)) + 15s;
}

whole_runs whole_runs_of(const range& truths, bool heeds_keepalive, int runs, std::uint64_t seed)
{
    random_source random{seed};
    whole_runs sum{.runs = runs};
    counts all;
    const bool blind = !heeds_keepalive;
    network net;
    net.loss = loss;
    for (int i = 0; i < runs; ++i) {
        const auto truth = draw(truths, random);
        const auto box = box_with(truth, blind);
        const auto took = run(everything(), *box, net, random());
        sum.relative += to_seconds(took.ended_at) / to_seconds(truth) / runs;
        sum.over_s += to_seconds(took.ended_at - may_take(truth)) / runs;
        sum.told_after += to_seconds(told_by(took)) / to_seconds(truth) / runs;
        sum.most_open = std::max(sum.most_open, took.most_open);
        for (const auto& each : estimate::estimate(took.seen, {.packet_loss = loss}))
            count(all, each, truth, blind);
    }
    sum.right = 100.0 * all.right / std::max(1, all.refreshes);
    sum.wrong = 100.0 * all.wrong / std::max(1, all.refreshes);
    sum.open = 100.0 * all.open / std::max(1, all.silent);
    return sum;
}

}  // namespace deadair::simulation
