#include "analysis/estimate/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/estimate/doubt.hpp"
#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/mixture.hpp"
#include "analysis/estimate/sentence.hpp"
#include "analysis/estimate/unseen_tick.hpp"

namespace deadair::estimate {

namespace {

// What is stated of shapes other than one sharp timeout: their limits are taken so.
constexpr double shape_confidence = 0.99;
// Where nothing decides between explanations.
constexpr double open_confidence = 0.9;

void set_low(finding& found, nanoseconds low)
{
    found.low = low > nanoseconds{} ? std::optional{low} : std::nullopt;
    // Without a lower end nothing is known that a single value could stand for.
    found.idle_timeout =
        found.low && found.high ? std::optional{(*found.low + *found.high) / 2} : std::nullopt;
}

// Not everything is known, but what is known is true. If half of all connections died of such a
// silence, so many would not all have lived: that is what the survivors bear out.
void set_open(finding& found, const interval& around)
{
    if (around.survived > nanoseconds{})
        found.low = around.survived;
    if (around.thin) {
        found.why = explanation::unsettled;
    } else if (found.delivered > 0) {
        found.kind = finding_kind::none;
        found.why = explanation::nothing_expired;
        found.confidence = 1 - std::pow(0.5, found.delivered);
    }
}

void set_sharp(finding& found, const interval& around)
{
    found.kind = finding_kind::timeout;
    found.why = explanation::sharp;
    found.high = around.expired;
    found.confidence = around.confidence;
    set_low(found, around.survived);
}

// Deaths of one moment do not tell a sharp timeout from a tick: then the low end is where the
// tick's would be.
void reckon_with_tick(finding& found, const pool& home, const interval& around)
{
    const auto low = low_if_it_ticks(home.seen, around);
    if (low >= around.survived)
        return;
    found.why = explanation::unsettled;
    found.confidence = std::min(found.confidence, shape_confidence);
    found.low = low > nanoseconds{} ? std::optional{low} : std::nullopt;
    found.note = sentence_of_unseen_tick(around.survived - low);
}

void set_zone(finding& found, const pool& home)
{
    found.kind = finding_kind::spread;
    found.why = home.how.settled ? home.how.best.why : explanation::unsettled;
    found.high = from_seconds(home.how.best.high_s);
    found.confidence = home.how.settled ? shape_confidence : open_confidence;
    if (found.why == explanation::random)
        found.period = from_seconds(home.how.best.mean_s);
    set_low(found, from_seconds(home.how.low_s));
}

// One finding for each timeout of a mixture.
std::vector<finding> mixed(const finding& counts, const pool& home, double packet_loss)
{
    const auto of = mixture_of(home.seen, packet_loss);
    std::vector<finding> all;
    for (const auto& each : of.parts) {
        auto& one = all.emplace_back(counts);
        one.kind = finding_kind::mixture;
        one.why = explanation::mixture;
        one.high = each.high;
        one.confidence =
            std::min(each.confidence, home.how.settled ? shape_confidence : open_confidence);
        one.after_expiry = how_they_died(home.seen, each.low);
        one.share = each.share;
        set_low(one, each.low);
        one.note = sentence_of_mixture(of);
    }
    return all;
}

std::vector<finding> of_pool(finding counts, const pool& home, double packet_loss)
{
    if (home.how.best.why == explanation::mixture)
        return mixed(counts, home, packet_loss);
    if (!home.sharp()) {
        set_zone(counts, home);
        return {counts};
    }
    const auto around = bracket(home.seen, packet_loss);
    if (!around.expired) {
        set_open(counts, around);
        return {counts};
    }
    set_sharp(counts, around);
    reckon_with_tick(counts, home, around);
    return {counts};
}

// What an explanation leaves of the observations may bear out hardly anything.
void weigh_what_is_left(finding& found)
{
    if (found.kind == finding_kind::timeout && found.why != explanation::sharp && found.high &&
        found.low.value_or(nanoseconds{}) < *found.high / 2)
        found.confidence = std::min(found.confidence, open_confidence);
}

// What the reading says beside the shape: a tick lets all live up to a period longer.
void read_as(finding& found, const reading& by)
{
    if (by.why == explanation::sharp)
        return;
    const bool spoiled = found.kind != finding_kind::timeout;
    if (!spoiled || found.kind == finding_kind::none)
        found.why = by.why;
    found.period = by.period ? by.period : found.period;
    found.moment = by.moment;
    found.crowd = by.crowd;
    if (by.why == explanation::tick && found.kind == finding_kind::timeout) {
        found.kind = finding_kind::spread;
        found.high = *found.high + by.period.value_or(nanoseconds{});
    }
    if (found.low && by.low && found.kind != finding_kind::none)
        set_low(found, std::min(*found.low, *by.low));
    if (found.kind != finding_kind::none && found.why != explanation::one_end)
        found.confidence = std::min(found.confidence, shape_confidence);
}

// What others would say that explain the silences as well: the shortest is built on.
void yield_to(finding& found, const account& rival)
{
    const auto* const home = home_of(found.where, rival.pools);
    if (home == nullptr || !found.low)
        return;
    auto low = from_seconds(home->how.low_s);
    if (rival.by.low)
        low = std::min(low, *rival.by.low);
    if (low >= *found.low)
        return;
    if (found.kind == finding_kind::timeout)
        found.kind = finding_kind::spread;
    found.why = explanation::unsettled;
    found.confidence = std::min(found.confidence, open_confidence);
    set_low(found, low);
}

// Timeouts so near to each other may be one: what is odd in one is odd in the other.
bool alike(const pool& left, const pool& right)
{
    constexpr double near = 0.1;
    const double one = left.how.best.high_s;
    const double other = right.how.best.high_s;
    return left.sharp() && right.sharp() && std::abs(one - other) < near * std::max(one, other);
}

// More often than at a probe.
bool ended_by_themselves(std::span<const observation> seen)
{
    int more = 0;
    for (const auto& each : seen)
        if (is_dead(each))
            more += each.unprompted ? 1 : -1;
    return more > 0;
}

}  // namespace

std::optional<expiry> how_they_died(std::span<const observation> seen, nanoseconds above)
{
    std::set<expiry> ways;
    for (const auto& each : seen) {
        if (!is_dead(each) || each.idle_age + each.idle_age_error <= above)
            continue;
        switch (each.result) {
            case outcome::reset:
                ways.insert(expiry::reset);
                break;
            case outcome::closed:
                ways.insert(expiry::closed);
                break;
            case outcome::late:
                ways.insert(expiry::late);
                break;
            default:
                ways.insert(expiry::silent);
        }
    }
    if (ways.empty())
        return std::nullopt;
    return ways.size() == 1 ? *ways.begin() : expiry::mixed;
}

finding counted(const stratum& where, std::span<const observation> seen)
{
    finding found;
    found.where = where;
    for (const auto& each : seen) {
        found.delivered += is_alive(each) ? 1 : 0;
        found.not_delivered += is_dead(each) ? 1 : 0;
        found.voided += each.result == outcome::voided ? 1 : 0;
    }
    return found;
}

std::vector<finding> findings_of(const stratum& where, std::span<const observation> seen,
                                 const chosen& how, const assumptions& given)
{
    const auto* const home = home_of(where, how.best.pools);
    auto counts = counted(where, seen);
    std::vector<finding> all;
    if (home == nullptr) {
        const auto left = sorted(how.best.by.seen);
        const auto here = left.find(where);
        set_open(counts,
                 here == left.end() ? interval{} : bracket(here->second, given.packet_loss));
        all.push_back(counts);
    } else {
        all = of_pool(counts, *home, given.packet_loss);
    }
    for (auto& each : all) {
        read_as(each, how.best.by);
        if (&each == &all.front())
            for (const auto& rival : how.rivals)
                yield_to(each, rival);
        if (home != nullptr && each.kind == finding_kind::timeout)
            each.after_expiry = how_they_died(seen, each.low.value_or(nanoseconds{}));
        else if (home != nullptr && each.kind == finding_kind::spread)
            each.after_expiry = how_they_died(home->seen, nanoseconds{});
        if (home != nullptr) {
            each.by_itself = ended_by_themselves(home->seen);
            for (const auto& other : how.best.pools)
                if (&other == home || alike(other, *home))
                    cast_doubt(each, other);
        }
        if (how.anew)
            doubt_number(each);
        weigh_what_is_left(each);
        describe(each, seen, how.best.by);
    }
    return all;
}

}  // namespace deadair::estimate
