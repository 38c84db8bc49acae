#include "analysis/report/box_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "analysis/report/hops.hpp"
#include "analysis/words/capital.hpp"

namespace deadair::report {

namespace {

using store::box;
using store::hops_found;

const box* first_to_forget(const hops_found& all)
{
    const auto found = std::ranges::min_element(all.boxes, {}, &box::low);
    return found == all.boxes.end() ? nullptr : &*found;
}

enum class place : std::uint8_t { same, another, untold };

// A remark says what else it could be: two boxes next to it, or the one beside it.
int reach(const box& one)
{
    return one.remark.empty() ? 0 : 1;
}

place place_of(const box& one, const box& other)
{
    const auto apart = std::max(one.nearest - other.farthest, other.nearest - one.farthest);
    if (apart <= 0)
        return place::same;
    return apart <= reach(one) + reach(other) ? place::untold : place::another;
}

bool same_timeout(const box& one, const box& other)
{
    return one.low <= other.high && other.low <= one.high;
}

// "the box at hop 2 (203.0.113.2), after 8 s"
std::string box_and_time(const box& one, const hops_found& all)
{
    return fmt::format("{}{}, after {}", place_in_words(one, all),
                       one.remark.empty() ? "" : fmt::format(" ({})", one.remark),
                       timeout_in_words(one));
}

}  // namespace

std::string_view change_of_box(const hops_found& before, const hops_found& after)
{
    const auto* const one = first_to_forget(before);
    const auto* const other = first_to_forget(after);
    if (one == nullptr || other == nullptr)
        return "untold";
    switch (place_of(*one, *other)) {
        case place::same:
            return "same_box";
        case place::another:
            return "another_box";
        case place::untold:
            break;
    }
    return "untold";
}

bool box_changed(const hops_found& before, const hops_found& after)
{
    const auto* const one = first_to_forget(before);
    const auto* const other = first_to_forget(after);
    return one != nullptr && other != nullptr &&
           (place_of(*one, *other) == place::another || !same_timeout(*one, *other));
}

std::string hops_compared(const hops_found& before, const hops_found& after)
{
    if (!before.verdict && !after.verdict)
        return {};
    const auto* const one = first_to_forget(before);
    const auto* const other = first_to_forget(after);
    if (one == nullptr || other == nullptr)
        return "Whether the same box forgets cannot be told: both runs would have to name one.";
    const auto where = place_of(*one, *other);
    if (where != place::same)
        return fmt::format("Another box forgets{}{}: before it was {}; after it is {}.",
                           where == place::another ? "" : ", or the same one",
                           before.way == after.way ? "" : ", and the way is another as well",
                           box_and_time(*one, before), box_and_time(*other, after));
    const auto who = capital(place_in_words(*other, after));
    return same_timeout(*one, *other)
               ? fmt::format("{} forgets, before and after.", who)
               : fmt::format("{} has changed: it forgot after {} and forgets after {}.", who,
                             timeout_in_words(*one), timeout_in_words(*other));
}

}  // namespace deadair::report
