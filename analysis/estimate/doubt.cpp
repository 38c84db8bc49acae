#include "analysis/estimate/doubt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// So many live past an age, and one does not, with a chance of 2 % if 3 % of connections die before
// it.
constexpr std::size_t cleared_by = 190;
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

// Other connections that lived past its age.
std::size_t asked_again(const observation& odd, std::span<const observation> seen)
{
    std::set<std::uint32_t> lived;
    for (const auto& each : seen)
        if (is_alive(each) && each.idle_age >= odd.idle_age &&
            each.connection_id != odd.connection_id)
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

// Those that ended too early for the low end that is stated.
std::vector<observation> odd_below(nanoseconds low, const pool& home)
{
    const auto seen = telling(home.seen);
    std::vector<observation> odd;
    for (const auto which : home.how.odd)
        if (seen.at(which).idle_age < low)
            odd.push_back(seen.at(which));
    return odd;
}

// One alone, and many others lived past its age.
bool is_cleared(std::span<const observation> odd, const pool& home)
{
    return std::ranges::all_of(odd, [&](const observation& each) {
        return each.connection_id == odd.front().connection_id &&
               asked_again(each, home.seen) >= cleared_by;
    });
}

}  // namespace

void cast_doubt(finding& found, const pool& home)
{
    if (found.kind != finding_kind::timeout || !found.low)
        return;
    const auto odd = odd_below(*found.low, home);
    if (odd.empty())
        return;
    const auto what = fmt::format(
        "{} of {} probes ended too early, one after {} with {} packets unanswered, which is no "
        "packet loss",
        odd.size(), telling(home.seen).size(), format_duration(odd.front().idle_age),
        odd.front().unanswered);
    if (is_cleared(odd, home)) {
        found.confidence = std::min(found.confidence, cleared_confidence);
        found.note = what + "; enough other connections lived past that age";
        return;
    }
    found.why = explanation::unsettled;
    found.confidence = std::min(found.confidence, doubtful);
    found.note =
        what +
        ": a few connections may have a shorter timeout; measure again with more connections";
    for (const auto& each : odd)
        found.low = std::min(*found.low, known_good(each, home.seen));
}

void doubt_number(finding& found)
{
    if (found.kind == finding_kind::none || found.why == explanation::room ||
        found.why == explanation::load)
        return;
    found.why = explanation::unsettled;
    found.confidence = std::min(found.confidence, doubtful);
    found.note =
        "connections seemed to die since there were many, and with few of them that did not become "
        "plain: measure again with a quarter of the --connections, and compare";
}

}  // namespace deadair::estimate
