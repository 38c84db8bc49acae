#include "prober/planner/search.hpp"

#include <algorithm>
#include <cmath>

#include "prober/planner/verification.hpp"

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// A probe is suspected to be lost after this share of the time to its verdict, which is at least
// eight retransmission timeouts: longer than a round trip, and over before it costs anything.
constexpr double suspect_share = 0.15;
// By then the control connection has told of an outage, if that is why a probe is not answered.
constexpr nanoseconds outage_noticed_after = 1500ms;
// Exact to this share is enough where the timeout is not one sharp value.
constexpr double unsharp_width_share = 0.02;
// Once connections fail, the answer has to come within so many times what they survive: evidence
// that contradicts itself for longer is an answer, too. A restart of the server near the end costs
// one of these times, and what is learned after it another.
constexpr int patience_times = 2;
constexpr nanoseconds patience_more = 60s;
// A bracket so many times wider than wanted is cut at its quartiles, not only in the middle.
constexpr int wide = 4;

nanoseconds suspect_after(const view& see)
{
    return from_seconds(suspect_share * to_seconds(see.wanted.verdict_after));
}

bool belongs(const group& of, stratum_index where)
{
    return std::ranges::find(of.strata, where) != of.strata.end();
}

// Packets of a probe that have left by now, as Linux repeats them.
std::uint32_t packets_by_now(nanoseconds unanswered)
{
    return 1 + static_cast<std::uint32_t>(std::log2(1 + to_seconds(unanswered) / 0.25));
}

// Remembers the earliest moment at which to look again.
void look_again(decision& what, time at)
{
    what.again = what.again ? std::min(*what.again, at) : at;
}

class step {
public:
    step(group& of, const view& see, standing_of_group known)
        : of_{of}, see_{see}, known_{std::move(known)}
    {
    }

    decision front();
    decision refine();

private:
    nanoseconds width() const { return known_.width; }
    bool usable(const connection& each) const
    {
        return each.is == standing::idle && serves(each.on);
    }
    bool serves(path_index path) const
    {
        return std::ranges::any_of(of_.strata,
                                   [&](stratum_index s) { return see_.path_of(s) == path; });
    }
    stratum_index next_stratum(path_index path, const decision& what) const;
    std::vector<const connection*> aged(nanoseconds from, nanoseconds to) const;
    bool wait_for_pending(decision& what, nanoseconds from, nanoseconds to) const;
    void ask(decision& what, const connection& which);
    void wait_until_aged(decision& what, nanoseconds age) const;
    void doubt_each_stratum(decision& what, nanoseconds upper);
    void narrow(decision& what, nanoseconds upper);
    void confirm(decision& what, nanoseconds upper);
    void sweep(decision& what, nanoseconds above);

    group& of_;
    const view& see_;
    standing_of_group known_;
};

// The group's stratum on this path that was asked least.
stratum_index step::next_stratum(path_index path, const decision& what) const
{
    const auto asked = [&](stratum_index where) {
        const auto& here = see_.known.of(where);
        return here.delivered + here.not_delivered + here.voided +
               std::ranges::count(see_.pending, where, &under_way::where) +
               std::ranges::count(what.probes, where, &wish::where);
    };
    auto least = of_.strata.end();
    for (auto each = of_.strata.begin(); each != of_.strata.end(); ++each)
        if (see_.path_of(*each) == path &&
            (least == of_.strata.end() || asked(*each) < asked(*least)))
            least = each;
    return *least;
}

void step::ask(decision& what, const connection& which)
{
    what.probes.push_back({which.id, next_stratum(which.on, what)});
}

// Idle connections whose age lies within [from, to], ascending.
std::vector<const connection*> step::aged(nanoseconds from, nanoseconds to) const
{
    std::vector<const connection*> found;
    for (const auto& each : see_.connections.all())
        if (usable(each) && each.age(see_.now) >= from && each.age(see_.now) <= to)
            found.push_back(&each);
    std::ranges::sort(found, std::ranges::greater{}, &connection::silent_since);
    return found;
}

// True while a probe in that range may still be answered soon.
bool step::wait_for_pending(decision& what, nanoseconds from, nanoseconds to) const
{
    bool waiting = false;
    for (const auto& each : see_.pending) {
        const auto until = each.sent + suspect_after(see_);
        if (!belongs(of_, each.where) || each.age <= from || each.age > to || until <= see_.now)
            continue;
        look_again(what, until);
        waiting = true;
    }
    return waiting;
}

// When the next idle connection reaches this age.
void step::wait_until_aged(decision& what, nanoseconds age) const
{
    bool any = false;
    for (const auto& each : see_.connections.all()) {
        any = any ||
              (serves(each.on) && (each.is == standing::opening || each.is == standing::probing));
        if (!usable(each) || each.age(see_.now) >= age)
            continue;
        look_again(what, each.silent_since + age);
        any = true;
    }
    what.more_connections = !any;
}

// Nothing has failed yet: the stalest connection goes for the next rung.
decision step::front()
{
    if (known_.survived >= of_.limit)
        return verify_survival(of_, see_);
    decision what;
    const auto next = std::ranges::upper_bound(see_.rungs, known_.survived);
    const auto rung = next == see_.rungs.end() ? of_.limit : std::min(*next, of_.limit);
    if (wait_for_pending(what, known_.survived, nanoseconds::max()))
        return what;
    const auto ready = aged(rung, nanoseconds::max());
    if (ready.empty())
        wait_until_aged(what, rung);
    else
        ask(what, *ready.back());
    return what;
}

// Connections that have been idle longer than the first failure are of no other use. One of each
// stratum tells soon whether the failure was chance, and that the stratum shares it.
void step::doubt_each_stratum(decision& what, nanoseconds upper)
{
    for (const auto where : of_.strata) {
        const auto asked = [&](const auto& each) {
            return each.where == where && each.age >= upper;
        };
        if (std::ranges::any_of(known_.above, asked) || std::ranges::any_of(see_.pending, asked))
            continue;
        const auto older = aged(upper, nanoseconds::max());
        const auto found =
            std::ranges::find_if(older.rbegin(), older.rend(), [&](const auto* each) {
                return see_.path_of(where) == each->on &&
                       std::ranges::find(what.probes, each->id, &wish::connection) ==
                           what.probes.end();
            });
        if (found != older.rend())
            what.probes.push_back({(*found)->id, where});
    }
}

decision step::refine()
{
    decision what;
    const auto upper = known_.above.front().age;
    doubt_each_stratum(what, upper);
    if (!what.probes.empty())
        return what;
    if (wait_for_pending(what, known_.survived, upper - 1ns))
        return what;
    if (2 * (upper - known_.survived) > width())
        narrow(what, upper);
    else
        confirm(what, upper);
    return what;
}

// Bisects among the reserves whose age lies in the bracket.
void step::narrow(decision& what, nanoseconds upper)
{
    const auto gap = upper - known_.survived;
    const auto middle = known_.survived + gap / 2;
    const auto inside = aged(known_.survived + 1ns, upper - 1ns);
    const auto nearest = [&](nanoseconds age) {
        return *std::ranges::min_element(inside, {}, [&](const connection* each) {
            return std::chrono::abs(each->age(see_.now) - age);
        });
    };
    if (inside.empty())
        return wait_until_aged(what, middle);
    if (gap <= wide * width() || inside.size() < wide)
        return ask(what, *nearest(middle));
    std::vector<const connection*> chosen;
    for (const auto quarter : {1, 2, 3}) {
        const auto* const each = nearest(known_.survived + quarter * gap / 4);
        if (std::ranges::find(chosen, each) == chosen.end())
            chosen.push_back(each);
    }
    for (const auto* each : chosen)
        ask(what, *each);
}

// What has been idle for longer than the bracket is of no other use: now its verdicts come with
// those that confirm. Once for each edge, since each time costs the time to a verdict; and not
// before an outage would have been noticed, which would take them all.
void step::sweep(decision& what, nanoseconds above)
{
    if (of_.swept_above == known_.survived)
        return;
    if (known_.trusted_from > see_.now)
        return look_again(what, known_.trusted_from);
    of_.swept_above = known_.survived;
    for (const auto* each : aged(above, nanoseconds::max()))
        ask(what, *each);
}

// The bracket is narrow: more failures just above it exclude chance.
void step::confirm(decision& what, nanoseconds upper)
{
    of_.doing = phase::confirming;
    sweep(what, known_.survived + width());
    const auto ceiling = known_.survived + width();
    // What there will be if nothing that was asked arrives.
    auto foreseen = known_.above;
    const auto foresee = [&](connection_id id, nanoseconds age) {
        foreseen.push_back(
            {.connection = id, .age = age, .units = see_.known.need(), .by_silence = true});
    };
    const auto enough = [&] {
        const auto expired = see_.known.expired(foreseen, known_.connections_needed);
        return expired && *expired <= ceiling;
    };
    for (const auto& each : see_.pending)
        if (belongs(of_, each.where) && each.age >= upper &&
            see_.now - each.sent < suspect_after(see_))
            foresee(each.connection, each.age);
    for (const auto* each : aged(upper, ceiling)) {
        if (enough())
            return;
        ask(what, *each);
        foresee(each->id, each->age(see_.now));
    }
    if (!enough())
        wait_until_aged(what, upper);
}

// How exact the edge above `survived` has to be. One that is not sharp is not worth as much.
nanoseconds width_wanted(const plan& wanted, nanoseconds survived, bool sharp)
{
    const auto share = sharp ? wanted.resolution_relative
                             : std::max(wanted.resolution_relative, unsharp_width_share);
    return std::max(wanted.resolution, from_seconds(share * to_seconds(survived)));
}

}  // namespace

standing_of_group settled_of(const group& of, const view& see)
{
    standing_of_group found{.survived = see.known.edge(of.strata), .above = {}, .expired = {}};
    for (const auto& each : see.known.failures())
        if (belongs(of, each.where) && each.age > found.survived)
            found.above.push_back(each);
    const auto zone = see.known.zone_begins(of.strata);
    found.width = width_wanted(see.wanted, found.survived, !zone);
    found.connections_needed = see.known.connections_needed(of.strata, zone);
    found.expired = see.known.expired(found.above, found.connections_needed);
    found.trusted_from = found.above.empty() ? time::max() : time{};
    std::ranges::sort(found.above, {}, &failure::age);
    return found;
}

standing_of_group standing_of(const group& of, const view& see)
{
    auto found = of.settled;
    for (const auto& each : see.pending) {
        const auto unanswered = see.now - each.sent;
        if (belongs(of, each.where) && each.age > found.survived &&
            unanswered >= suspect_after(see)) {
            found.trusted_from = std::min(found.trusted_from, each.sent + outage_noticed_after);
            found.above.push_back({.probe = each.probe,
                                   .connection = each.connection,
                                   .where = each.where,
                                   .age = each.age,
                                   .units = packets_by_now(unanswered),
                                   .by_silence = true,
                                   .crowd = each.crowd});
        }
    }
    std::ranges::sort(found.above, {}, &failure::age);
    return found;
}

bool overdue(const group& of, time now)
{
    return !of.settled.above.empty() &&
           now - of.begun > patience_times * of.settled.survived + patience_more;
}

decision decide(group& of, const view& see)
{
    auto known = standing_of(of, see);
    of.doing = phase::searching;
    of.done = overdue(of, see.now);
    if (of.done)
        return {};
    if (known.expired && *known.expired - known.survived <= known.width)
        return verify(of, see, known);
    const bool failed = !known.above.empty();
    step next{of, see, std::move(known)};
    return failed ? next.refine() : next.front();
}

}  // namespace deadair::planner
