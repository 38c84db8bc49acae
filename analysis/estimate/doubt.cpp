#include "analysis/estimate/doubt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// So many live past an age with a chance of 2 % if 3 % of connections die before it.
constexpr std::size_t cleared_by = 130;
constexpr double doubtful = 0.5;
constexpr double cleared_confidence = 0.98;

std::vector<observation> telling(std::span<const observation> seen)
{
    std::vector<observation> all;
    for (const auto& each : seen)
        if (is_alive(each) || is_dead(each))
            all.push_back(each);
    return all;
}

// Connections opened after it died that lived past its age.
std::size_t asked_again(const observation& odd, std::span<const observation> seen)
{
    std::set<std::uint32_t> lived;
    for (const auto& each : seen)
        if (is_alive(each) && odd.sent_at && each.sent_at && each.idle_age >= odd.idle_age &&
            *each.sent_at - each.connection_age > *odd.sent_at)
            lived.insert(each.connection_id);
    return lived.size();
}

// Up to which age the connection itself had lived; else half of the age at which it was gone.
nanoseconds known_good(const observation& odd, std::span<const observation> seen)
{
    auto lived = odd.idle_age / 2;
    for (const auto& each : seen)
        if (is_alive(each) && each.connection_id == odd.connection_id &&
            each.idle_age < odd.idle_age)
            lived = std::max(lived, each.idle_age - each.idle_age_error);
    return lived;
}

}  // namespace

void cast_doubt(finding& found, const pool& home)
{
    if (found.kind != finding_kind::timeout || home.how.odd.empty() || !found.low)
        return;
    const auto seen = telling(home.seen);
    if (seen.at(home.how.odd.front()).idle_age >= *found.low)
        return;
    bool cleared = true;
    auto low = *found.low;
    for (const auto which : home.how.odd) {
        const auto& odd = seen.at(which);
        if (asked_again(odd, seen) >= cleared_by)
            continue;
        cleared = false;
        low = std::min(low, known_good(odd, seen));
    }
    const auto& first = seen.at(home.how.odd.front());
    const auto what = fmt::format(
        "{} of {} probes ended too early, one after {} with {} packets unanswered, which is no "
        "packet loss",
        home.how.odd.size(), seen.size(), format_duration(first.idle_age), first.unanswered);
    found.confidence = std::min(found.confidence, cleared ? cleared_confidence : doubtful);
    found.note = cleared ? what + "; enough new connections lived past that age"
                         : what +
                               ": a few connections may have a shorter timeout; measure again with "
                               "more connections";
    if (!cleared)
        found.low = low;
}

}  // namespace deadair::estimate
