#include "analysis/estimate/refreshed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// One connection may have a reason of its own to die, or to live.
constexpr std::uint32_t answers_min = 2;
// So many deliveries outweigh one loss, which may be the path's.
constexpr std::uint32_t alive_for_one_dead = 2;

bool expires(const finding& each)
{
    return each.high && each.idle_timeout;
}

// The silent stratum that differs in nothing but the refresh.
const finding* silent_twin(const stratum& where, std::span<const finding> silent)
{
    const finding* found = nullptr;
    for (const auto& each : silent)
        if (each.where.on == where.on && each.where.way == where.way && expires(each) &&
            (found == nullptr || *each.high > *found->high))
            found = &each;
    return found;
}

// A silent connection would not have lived as long: it would have been dead when it was probed; or
// this one ended by itself where silent ones end.
bool outlasts(const observation& each, const finding& twin)
{
    const bool ended_there = each.unprompted && is_dead(each) && twin.low &&
                             each.idle_age + each.idle_age_error >= *twin.low;
    return each.idle_age > *twin.high || ended_there;
}

void describe_death(finding& found, const finding& twin)
{
    found.kind = finding_kind::timeout;
    found.idle_timeout = twin.idle_timeout;
    found.low = twin.low;
    found.high = twin.high;
    found.confidence = twin.confidence;
    found.note = "does not count: connections die as if nothing had been sent";
}

}  // namespace

finding of_refreshed(const stratum& where, std::span<const observation> seen,
                     std::span<const finding> silent)
{
    finding found;
    found.where = where;
    const auto* const twin = silent_twin(where, silent);
    nanoseconds longest{};
    std::optional<expiry> death;
    for (const auto& each : seen) {
        found.voided += each.result == outcome::voided ? 1 : 0;
        if (twin == nullptr || !outlasts(each, *twin))
            continue;
        if (is_alive(each)) {
            ++found.delivered;
            longest = std::max(longest, each.idle_age - each.idle_age_error);
        }
        if (is_dead(each)) {
            ++found.not_delivered;
            const auto how = each.result == outcome::reset    ? expiry::reset
                             : each.result == outcome::closed ? expiry::closed
                             : each.result == outcome::late   ? expiry::late
                                                              : expiry::silent;
            death = death && *death != how ? expiry::mixed : how;
        }
    }
    found.after_expiry = death;
    if (twin == nullptr)
        found.note = "silent connections do not expire here, so nothing shows whether this counts";
    else if (found.not_delivered >= answers_min && found.delivered == 0)
        describe_death(found, *twin);
    else if (found.delivered >= answers_min &&
             found.delivered >= alive_for_one_dead * found.not_delivered) {
        found.kind = finding_kind::none;
        found.low = longest;
        found.confidence = twin->confidence;
        found.note = "counts: keeps connections alive beyond the idle timeout";
    } else
        found.note =
            fmt::format("{} of {} connections lived beyond the idle timeout; that tells nothing",
                        found.delivered, found.delivered + found.not_delivered);
    return found;
}

// A keepalive is answered by whoever ends TCP and goes no further; data does, and a close at the
// idle timeout is what a proxy does and a packet filter never.
void remark_on_proxies(std::span<finding> found)
{
    const auto any = [&](const finding& silent, refresh by, refresh_effect effect) {
        return std::ranges::any_of(found, [&](const finding& each) {
            return each.where.on == silent.where.on && each.where.how.by == by &&
                   effect_of(each) == effect;
        });
    };
    for (auto& each : found)
        if (each.where.how.by == refresh::none &&
            (each.after_expiry == expiry::closed || each.after_expiry == expiry::mixed) &&
            any(each, refresh::tcp_keepalive, refresh_effect::does_not_count) &&
            any(each, refresh::data, refresh_effect::counts))
            each.note +=
                std::string{each.note.empty() ? "" : " "} +
                "Something on the path ends TCP itself, such as a proxy or a load balancer: "
                "it closes in order, heeds data and no TCP keepalive.";
}

std::string_view to_string(refresh_effect value)
{
    switch (value) {
        case refresh_effect::counts:
            return "counts";
        case refresh_effect::does_not_count:
            return "does not count";
        case refresh_effect::inconclusive:
            return "inconclusive";
    }
    return "";
}

refresh_effect effect_of(const finding& refreshed)
{
    switch (refreshed.kind) {
        case finding_kind::none:
            return refresh_effect::counts;
        case finding_kind::timeout:
            return refresh_effect::does_not_count;
        default:
            return refresh_effect::inconclusive;
    }
}

}  // namespace deadair::estimate
