#include "prober/planner/verification.hpp"

#include <algorithm>
#include <utility>

#include "prober/planner/moments.hpp"

namespace deadair::planner {

namespace {

// How far below the edge an arrival still vouches for a stratum.
constexpr double just_below = 0.05;

bool pending_in(const view& see, stratum_index where, nanoseconds from, nanoseconds to)
{
    return std::ranges::any_of(see.pending, [&](const under_way& each) {
        return each.where == where && each.age >= from && each.age <= to;
    });
}

bool failed_above(const view& see, stratum_index where, nanoseconds age)
{
    return std::ranges::any_of(see.known.failures(), [&](const failure& each) {
        return each.where == where && each.age > age;
    });
}

bool taken(const decision& what, connection_id id)
{
    return std::ranges::any_of(what.probes,
                               [id](const wish& each) { return each.connection == id; });
}

// An age above the edge at which to ask. Whoever tells of the end itself is given the time to: a
// probe just before its word would arrive, again and again.
nanoseconds surely_expired(const standing_of_group& known)
{
    const bool told =
        std::ranges::any_of(known.above, [](const failure& each) { return !each.by_silence; });
    return told ? std::max(*known.expired, known.survived + known.width) : *known.expired;
}

// Probes the stratum with a connection whose age lies within [from, to], or says when there is one.
void want(decision& what, const view& see, stratum_index where, nanoseconds from, nanoseconds to)
{
    if (pending_in(see, where, from, to))
        return;
    std::optional<time> soonest;
    bool opening = false;
    for (const auto& each : see.connections.all()) {
        opening = opening || (each.is == standing::opening || each.is == standing::probing);
        if (each.is != standing::idle || each.on != see.path_of(where) || taken(what, each.id))
            continue;
        const auto age = each.age(see.now);
        if (age >= from && age <= to) {
            what.probes.push_back({each.id, where});
            return;
        }
        if (age < from)
            soonest = std::min(soonest.value_or(time::max()), each.silent_since + from);
    }
    if (soonest)
        what.again = std::min(what.again.value_or(time::max()), *soonest);
    else if (!opening)
        what.more_connections = true;
}

// Probes a connection of that age that has no larger crowd behind it than others survived: if it
// was the crowd and not the age, this one arrives.
void want_uncrowded(decision& what, const group& of, const view& see, nanoseconds age)
{
    const auto home = [&](const connection& each) {
        return std::ranges::find(of.strata, each.on,
                                 [&](stratum_index where) { return see.path_of(where); });
    };
    const connection* oldest = nullptr;
    for (const auto& each : see.connections.all())
        if (each.is == standing::idle && home(each) != of.strata.end() &&
            (oldest == nullptr || each.silent_since < oldest->silent_since) &&
            see.connections.crowd_of(each) <= see.known.crowd_survived())
            oldest = &each;
    if (oldest == nullptr)
        what.more_connections = true;
    else if (oldest->age(see.now) < age)
        what.again = oldest->silent_since + age;
    else
        what.probes.push_back({oldest->id, *home(*oldest)});
}

}  // namespace

decision verify_survival(group& of, const view& see)
{
    decision what;
    of.doing = phase::verifying;
    const auto enough = of.limit - from_seconds(just_below * to_seconds(of.limit));
    of.done = true;
    for (const auto where : of.strata) {
        if (see.known.of(where).survived >= enough)
            continue;
        of.done = false;
        want(what, see, where, enough, nanoseconds::max());
    }
    return what;
}

decision verify(group& of, const view& see, const standing_of_group& known)
{
    decision what;
    of.doing = phase::verifying;
    const auto below = known.survived - from_seconds(just_below * to_seconds(known.survived));
    bool all = true;
    for (const auto where : of.strata) {
        if (see.known.of(where).survived < below) {
            all = false;
            want(what, see, where, (below + known.survived) / 2, known.survived);
        }
        if (!failed_above(see, where, known.survived)) {
            all = false;
            want(what, see, where, surely_expired(known), nanoseconds::max());
        }
    }
    if (all && see.known.may_be_crowded_out(known.above)) {
        all = false;
        want_uncrowded(what, of, see, *known.expired);
    }
    // Meanwhile, since each of the two takes its time.
    if (what.probes.empty()) {
        auto moments = at_other_moments(of, see, known);
        all = all && moments.probes.empty() && !moments.again;
        what.probes = std::move(moments.probes);
        if (moments.again)
            what.again = std::min(what.again.value_or(time::max()), *moments.again);
    }
    of.done = all;
    return what;
}

}  // namespace deadair::planner
