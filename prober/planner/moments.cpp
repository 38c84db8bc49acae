#include "prober/planner/moments.hpp"

#include <algorithm>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// So many times in a row excludes a tick, at a period that matters: one of a second, or of a
// hundredth of the timeout. For short timeouts the second is near to what ages are exact to.
constexpr int needed_long = 2;
constexpr int needed_short = 2;
constexpr nanoseconds short_below = 500s;
// No tick is known to be longer than a hundredth of this.
constexpr nanoseconds tick_matters_below = 12000s;
// What lived so much earlier says nothing of this moment, in widths of the answer and at least.
constexpr int recent_widths = 5;
constexpr nanoseconds recent_min = 800ms;
// Nothing is waited for longer, and for so long only while the run has taken no more than this over
// the timeout, which goes with the number of connections as the rest of the run does.
constexpr nanoseconds patience_min = 1500ms;
constexpr double patience_times_connections = 2.5;
constexpr double patience_more_times_connections = 55;
constexpr double late_times = 1.15;
constexpr nanoseconds late_more = 15s;
// From the edge to a probe beside it, and by how much both ages may be wrong.
constexpr nanoseconds beside = 10ms;

struct sight {
    time at{};
    time silent_since{};
    bool lived{};
};

std::vector<sight> sights_of(const group& of, const view& see, const standing_of_group& known)
{
    std::vector<sight> all;
    for (const auto& each : see.known.deliveries())
        if (of.has(each.where) && each.age >= known.survived - known.width)
            all.push_back({each.at, each.at - each.age, true});
    for (const auto& each : known.above)
        if (each.probe != 0)
            all.push_back({each.at, each.at - each.age, false});
    // What was asked above the edge a moment ago will not arrive.
    for (const auto& each : see.pending)
        if (of.has(each.where) && each.age >= *known.expired)
            all.push_back({each.sent, each.sent - each.age, false});
    std::ranges::sort(all, {}, &sight::at);
    return all;
}

/// How often one died that had fallen silent after one that had lived shortly before.
struct count {
    int times{};
    std::optional<sight> lived{};  ///< since then, the one that fell silent last
};

count counted(std::span<const sight> all, nanoseconds recent)
{
    count so_far;
    for (const auto& each : all) {
        auto& last = so_far.lived;
        if (last && each.at - last->at > recent)
            last.reset();
        if (each.lived) {
            if (!last || each.silent_since > last->silent_since)
                last = each;
        } else if (last && each.silent_since > last->silent_since) {
            ++so_far.times;
            last.reset();
        }
    }
    return so_far;
}

bool useful(const connection& each, const group& of, const view& see)
{
    return each.is == standing::idle && std::ranges::any_of(of.strata, [&](stratum_index where) {
               return see.path_of(where) == each.on;
           });
}

stratum_index stratum_on(const connection& over, const group& of, const view& see)
{
    return *std::ranges::find(of.strata, over.on,
                              [&](stratum_index where) { return see.path_of(where); });
}

// The oldest of those that fell silent after that and are not older than so: it may have come to
// the age that is wanted a little ago, since nobody is woken to the nanosecond.
const connection* next_below(nanoseconds oldest, time after, const group& of, const view& see)
{
    const connection* next = nullptr;
    for (const auto& each : see.connections.all())
        if (useful(each, of, see) && each.silent_since > after &&
            (next == nullptr || each.silent_since < next->silent_since) &&
            each.age(see.now) <= oldest)
            next = &each;
    return next;
}

// Until when a probe below the edge may still be answered soon.
std::optional<time> asked_below(const group& of, const view& see, nanoseconds expired)
{
    std::optional<time> until;
    for (const auto& each : see.pending)
        if (of.has(each.where) && each.age < expired && each.sent + see.suspect_after() > see.now)
            until = std::max(until.value_or(time{}), each.sent + see.suspect_after());
    return until;
}

// What has come past the edge meanwhile tells more than it costs.
void ask_above(decision& what, const group& of, const view& see, nanoseconds age)
{
    for (const auto& each : see.connections.all())
        if (useful(each, of, see) && each.age(see.now) >= age)
            what.probes.push_back({each.id, stratum_on(each, of, see)});
}

// What contradicts itself for so long is no sharp timeout: there is nothing left to exclude.
bool too_late(const group& of, const view& see, const standing_of_group& known)
{
    return see.now - of.begun > from_seconds(late_times * to_seconds(known.survived)) + late_more;
}

// A run that came here early has time left.
time waits_until(const group& of, const view& see, const standing_of_group& known)
{
    const double count = see.wanted.connections;
    const double share = 1 + patience_times_connections / count;
    const double more = patience_more_times_connections / (count * count);
    return std::max({see.now + (known.survived < short_below ? patience_min : 0ns),
                     see.now + from_seconds(more * to_seconds(known.survived)),
                     of.begun + from_seconds(share * to_seconds(known.survived))});
}

}  // namespace

decision at_other_moments(const group& of, const view& see, const standing_of_group& known)
{
    decision what;
    if (known.survived > tick_matters_below || ends_by_itself(of, see) || too_late(of, see, known))
        return what;
    const auto recent = std::max<nanoseconds>(recent_min, recent_widths * known.width);
    const auto so_far = counted(sights_of(of, see, known), recent);
    const bool lived = so_far.lived && see.now - so_far.lived->at < recent;
    const int needed = known.survived < short_below ? needed_short : needed_long;
    if (so_far.times >= needed && lived)
        return what;
    if (const auto asked = asked_below(of, see, *known.expired)) {
        what.again = asked;
        return what;
    }
    ask_above(what, of, see, *known.expired + beside);
    if (!what.probes.empty())
        return what;
    const auto below = known.survived - beside - 2 * see.known.survived_error(of.strata);
    const auto age = lived ? *known.expired + beside : below;
    const auto after = lived ? so_far.lived->silent_since : time{-1};
    const auto oldest = lived ? nanoseconds::max() : known.survived;
    const auto* const next = next_below(oldest, after, of, see);
    if (next == nullptr || next->silent_since + age > waits_until(of, see, known))
        return what;
    if (next->silent_since + age > see.now)
        what.again = next->silent_since + age;
    else
        what.probes.push_back({next->id, stratum_on(*next, of, see)});
    return what;
}

}  // namespace deadair::planner
