// What a run says of a middlebox that is known, beside the truth.
#include <algorithm>

#include "analysis/recommend/recommend.hpp"
#include "tests/simulation/kinds.hpp"
#include "tests/simulation/rows.hpp"

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

// That come too late where they exceed the shortest silence that kills.
bool is_of_silence(recommend::setting_name setting)
{
    using enum recommend::setting_name;
    return setting == idle_reconnect || setting == websocket_ping_interval ||
           setting == tcp_keepalive_idle || setting == health_check_interval;
}

bool kills(const recommend::recommendation& each, const drawn_box& of)
{
    if (!each.value)
        return each.setting == recommend::setting_name::max_connection_age && of.age;
    if (is_of_silence(each.setting))
        return of.death && *each.value >= to_seconds(*of.death);
    return each.setting == recommend::setting_name::max_connection_age &&
           (!of.age || *each.value >= to_seconds(*of.age));
}

bool holds(const finding& each, const drawn_box& of)
{
    if (each.kind == finding_kind::absolute_age)
        return of.age && each.low.value_or(0s) <= *of.age && each.high.value_or(*of.age) >= *of.age;
    if (each.where.how.by != refresh::none || each.kind == finding_kind::inconclusive)
        return true;
    if (!of.death || each.why == estimate::explanation::half_dead)
        return each.kind == finding_kind::none;
    return each.low.value_or(0s) <= of.longest && each.high.value_or(*of.death) >= *of.death &&
           (each.kind == finding_kind::mixture || each.kind == finding_kind::none ||
            each.low.value_or(0s) <= of.longest);
}

planner::wanted_of_run whole_run(const drawn_box& of, bool expires)
{
    planner::wanted_of_run wanted;
    wanted.search = base(128, 0.01).plan;
    wanted.search.idle_max = expires ? nanoseconds{2h} : std::max<nanoseconds>(3 * of.longest, 30s);
    wanted.refreshes = {{refresh::tcp_keepalive, refresh_side::client},
                        {refresh::ws_ping, refresh_side::client},
                        {refresh::data, refresh_side::client}};
    return wanted;
}

std::vector<nanoseconds> losses_in(const record& took)
{
    std::vector<nanoseconds> all;
    for (const auto& each : took.notes)
        if (const auto* const it = std::get_if<observation::note::happened>(&each.what))
            if (it->what == observation::happening::bindings_lost)
                all.push_back(each.at);
    return all;
}

/// What one run says.
struct said {
    bool right{true};
    bool named{};
    bool held{true};
    bool harmful{};
    bool marked{};
};

said said_of(const record& took, const drawn_box& of, const kind_of_box& kind)
{
    const auto found =
        estimate::estimate(took.seen, {.packet_loss = 0.01, .bindings_lost = losses_in(took)});
    said all;
    auto low = nanoseconds::max();
    for (const auto& each : found) {
        all.held = all.held && holds(each, of);
        if (each.where.how.by != refresh::none)
            continue;
        const bool right = std::ranges::find(kind.right, each.why) != kind.right.end();
        all.named = all.named || right;
        all.right = all.right && (right || each.confidence <= 0.95);
        if (each.kind != finding_kind::none)
            low = std::min(low, each.low.value_or(0s));
    }
    all.held = all.held && (!of.death || low <= *of.death || low == nanoseconds::max());
    for (const auto& each : recommend::recommend(found, {.round_trip = 50ms})) {
        if (!kills(each, of))
            continue;
        (each.low_confidence ? all.marked : all.harmful) = true;
    }
    return all;
}

}  // namespace

verdicts verdicts_on(const kind_of_box& kind, int runs, std::uint64_t seed)
{
    random_source random{seed};
    verdicts sum;
    const double one = 100.0 / runs;
    for (int i = 0; i < runs; ++i) {
        const auto of = kind.draw(random);
        network net;
        net.loss = 0.01;
        const auto took = run(whole_run(of, kind.expires), *of.box, net, random());
        const auto all = said_of(took, of, kind);
        sum.right += all.right ? one : 0;
        sum.named += all.named ? one : 0;
        sum.held += all.held ? one : 0;
        sum.harmful += all.harmful ? one : 0;
        sum.marked += all.marked ? one : 0;
        sum.in_time += took.finished && took.ended_at <= 4 * of.longest + 60s ? one : 0;
        sum.relative += to_seconds(took.ended_at) / to_seconds(of.longest) / runs;
    }
    return sum;
}

}  // namespace deadair::simulation
