#include "prober/planner/step.hpp"

#include <algorithm>
#include <cmath>

#include "prober/planner/moments.hpp"
#include "prober/planner/verification.hpp"

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// A bracket so many times wider than wanted is cut at its quartiles, not only in the middle.
constexpr int wide = 4;

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
    void look_at_other_moments(decision& what, std::optional<nanoseconds> expired);

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
        const auto until = each.sent + see_.suspect_after();
        if (!of_.has(each.where) || each.age <= from || each.age > to || until <= see_.now)
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
        if (of_.has(each.where) && each.age >= upper && see_.now - each.sent < see_.suspect_after())
            foresee(each.connection, each.age);
    for (const auto* each : aged(upper, ceiling)) {
        if (enough())
            break;
        ask(what, *each);
        foresee(each->id, each->age(see_.now));
    }
    if (!enough())
        return wait_until_aged(what, upper);
    if (what.probes.empty())
        look_at_other_moments(what, see_.known.expired(foreseen, known_.connections_needed));
}

// The verdicts that confirm take their time: what is to be asked after them can be asked already.
void step::look_at_other_moments(decision& what, std::optional<nanoseconds> expired)
{
    if (known_.trusted_from > see_.now)
        return look_again(what, known_.trusted_from);
    auto foreseen = known_;
    foreseen.expired = expired;
    auto moments = at_other_moments(of_, see_, foreseen);
    what.probes = std::move(moments.probes);
    if (moments.again)
        look_again(what, *moments.again);
}

}  // namespace

decision decide(group& of, const view& see)
{
    auto known = standing_of(of, see);
    of.doing = phase::searching;
    of.done = see.now > has_until(of);
    if (of.done)
        return {};
    if (known.expired && *known.expired - known.survived <= known.width)
        return verify(of, see, known);
    const bool failed = !known.above.empty();
    step next{of, see, std::move(known)};
    return failed ? next.refine() : next.front();
}

}  // namespace deadair::planner
