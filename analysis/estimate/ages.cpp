#include "analysis/estimate/ages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/opening.hpp"

namespace deadair::estimate {

namespace {

// What silent connections alone show of an age.
constexpr double age_confidence = 0.99;

// How a connection died: mixed when not all died the same way.
std::optional<expiry> death_of(std::span<const observation> seen)
{
    std::optional<expiry> death;
    for (const auto& each : seen) {
        if (!is_dead(each))
            continue;
        const auto how = each.result == outcome::reset    ? expiry::reset
                         : each.result == outcome::closed ? expiry::closed
                                                          : expiry::silent;
        death = death && *death != how ? expiry::mixed : how;
    }
    return death;
}

finding of_one(const stratum& where, std::span<const observation> seen, const interval& around)
{
    finding found;
    found.where = where;
    for (const auto& each : seen) {
        found.delivered += is_alive(each) ? 1 : 0;
        found.not_delivered += is_dead(each) ? 1 : 0;
        found.voided += each.result == outcome::voided ? 1 : 0;
    }
    found.after_expiry = death_of(seen);
    if (!around.expired || around.survived == nanoseconds{}) {
        found.note = "busy connections ended, but too few at one age to tell that it was their age";
        return found;
    }
    auto limit = age_limit(where, around.survived, *around.expired);
    limit.after_expiry = found.after_expiry;
    limit.delivered = found.delivered;
    limit.not_delivered = found.not_delivered;
    limit.voided = found.voided;
    limit.confidence = around.confidence;
    return limit;
}

}  // namespace

finding age_limit(const stratum& where, nanoseconds low, nanoseconds high)
{
    finding found;
    found.where = where;
    found.kind = finding_kind::absolute_age;
    found.why = explanation::age;
    found.low = low;
    found.high = high;
    found.confidence = age_confidence;
    found.note = fmt::format("connections are cut at an age of {} to {}, however busy they are",
                             format_duration(low), format_duration(high));
    return found;
}

bool is_busy(const observation& seen, std::span<const finding> silent)
{
    if (seen.where.how.by != refresh::data || seen.where.how.from != refresh_side::both)
        return false;
    return std::ranges::none_of(silent, [&](const finding& each) {
        return each.where.on == seen.where.on && each.idle_timeout && each.low &&
               seen.idle_age >= *each.low;
    });
}

std::vector<finding> ages_of(std::span<const observation> busy, const assumptions& given)
{
    // The same probes, with the connections' ages in place of their silences.
    std::vector<observation> aged{busy.begin(), busy.end()};
    auto openings = openings_of(busy);
    std::map<stratum, std::vector<observation>> strata;
    for (auto& each : aged) {
        const auto give = openings[each.connection_id] / 2;
        each.idle_age = each.connection_age - give;
        each.idle_age_error += give;
        strata[each.where].push_back(each);
    }
    const auto around = bracket(aged, given.packet_loss);
    std::vector<finding> found;
    for (const auto& [where, here] : strata)
        if (std::ranges::any_of(here, is_dead))
            found.push_back(of_one(where, here, around));
    return found;
}

}  // namespace deadair::estimate
