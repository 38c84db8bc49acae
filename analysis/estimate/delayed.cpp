#include "analysis/estimate/delayed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// So many came late: no burst of lost packets that delays a few.
constexpr std::ptrdiff_t late_min = 4;
// One in so many may be lost on its way, or come in time, since somebody woke the path before.
constexpr std::ptrdiff_t others_share = 4;

bool is_late(const observation& seen)
{
    return seen.result == outcome::late && seen.sent_at;
}

// No more digits than a tenth of a second.
std::string about(nanoseconds value)
{
    return format_duration(from_seconds(std::round(to_seconds(value) * 10) / 10));
}

// The run ended before it would have come.
bool is_unheard(const observation& seen, nanoseconds heard_until)
{
    return seen.result == outcome::lost && seen.sent_at && *seen.sent_at > heard_until;
}

nanoseconds end_of(std::span<const observation> seen)
{
    nanoseconds end{};
    for (const auto& each : seen)
        end = std::max(end, each.settled_at);
    return end;
}

}  // namespace

std::optional<delay> delay_of(std::span<const observation> silent)
{
    std::vector<nanoseconds> ages;
    std::vector<nanoseconds> took;
    for (const auto& each : silent)
        if (is_late(each)) {
            ages.push_back(each.idle_age);
            took.push_back(each.settled_at - *each.sent_at);
        }
    const auto late = std::ssize(ages);
    if (late < late_min)
        return std::nullopt;
    const auto heard_until = end_of(silent) - std::ranges::max(took);
    const auto middle = ages.begin() + late / 2;
    std::ranges::nth_element(ages, middle);
    std::ranges::nth_element(took, took.begin() + late / 2);
    // Of many that nobody waited for, a few very late ones say nothing.
    const auto unheard = std::ranges::count_if(
        silent, [&](const observation& each) { return is_unheard(each, heard_until); });
    if (unheard > late)
        return std::nullopt;
    const auto others = std::ranges::count_if(silent, [&](const observation& each) {
        return !is_late(each) && !is_unheard(each, heard_until) &&
               (is_dead(each) || (is_alive(each) && each.idle_age >= *middle));
    });
    if (others * others_share > late)
        return std::nullopt;
    return delay{*std::ranges::min_element(ages), took[static_cast<std::size_t>(late / 2)],
                 heard_until};
}

std::vector<observation> without_delay(std::span<const observation> seen, const delay& of)
{
    std::vector<observation> all{seen.begin(), seen.end()};
    for (auto& each : all)
        if (is_late(each))
            each.result = outcome::delivered;
        else if (is_unheard(each, of.heard_until))
            each.result = outcome::voided;
    return all;
}

void describe(finding& found, const delay& of)
{
    if (found.kind != finding_kind::none)
        return;
    found.why = explanation::delayed;
    found.after_expiry = std::nullopt;
    found.note = fmt::format(
        "the first message after {} of silence took {}: something on the path wakes up slowly, as "
        "radio does; wait longer than that for an answer",
        about(of.silence), about(of.took));
}

}  // namespace deadair::estimate
