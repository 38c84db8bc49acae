#include "analysis/path/comparison.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/words/names.hpp"

namespace deadair::path_quality {

namespace {

using namespace std::chrono_literals;

constexpr double segments_to_tell = 100;
constexpr double parts_to_tell = 5;  // in both together; fewer are chance
constexpr double deviations = 3;
constexpr double scatter = 2;  // variance beside that of independent losses
constexpr std::size_t round_trips_to_tell = 5;
constexpr nanoseconds round_trip_matters = 1ms;

change change_of(const share& before, const share& after)
{
    if (std::min(before.whole, after.whole) < segments_to_tell)
        return change::uncertain;
    if (before.part + after.part < parts_to_tell)
        return change::same;
    const double all = (before.part + after.part) / (before.whole + after.whole);
    const double variance = all * (1 - all) * (1 / before.whole + 1 / after.whole);
    const double apart = std::abs(before.value() - after.value());
    return apart > deviations * std::sqrt(scatter * variance) ? change::differs : change::same;
}

struct quartiles {
    nanoseconds low{};
    nanoseconds middle{};
    nanoseconds high{};

    bool holds(nanoseconds value) const { return low <= value && value <= high; }
};

std::optional<quartiles> quartiles_of(std::vector<nanoseconds> values)
{
    if (values.size() < round_trips_to_tell)
        return std::nullopt;
    std::ranges::sort(values);
    const auto last = values.size() - 1;
    return quartiles{values[last / 4], values[last / 2], values[last - last / 4]};
}

change change_of(const quartiles& before, const quartiles& after)
{
    const auto apart =
        std::max(before.middle, after.middle) - std::min(before.middle, after.middle);
    const bool within = before.holds(after.middle) || after.holds(before.middle);
    return within || apart < round_trip_matters ? change::same : change::differs;
}

std::optional<double> number(const std::optional<share>& of)
{
    return of ? std::optional{of->value()} : std::nullopt;
}

std::optional<double> number(const std::optional<quartiles>& of)
{
    return of ? std::optional{to_seconds(of->middle)} : std::nullopt;
}

template <class Figure>
void add(std::vector<compared>& to, std::string_view name, const std::optional<Figure>& before,
         const std::optional<Figure>& after)
{
    if (!before && !after)
        return;
    const bool both = before && after;
    to.push_back({.figure = name,
                  .before = number(before),
                  .after = number(after),
                  .what = both ? change_of(*before, *after) : change::uncertain});
}

}  // namespace

std::string_view to_string(change value)
{
    constexpr std::array<std::string_view, 3> names{"same", "differs", "uncertain"};
    return name_of(value, names);
}

std::vector<compared> compare(const figures& before, const figures& after)
{
    std::vector<compared> all;
    add(all, "retransmitted_share", before.retransmitted, after.retransmitted);
    add(all, "uploads_retransmitted_share", before.uploads_retransmitted,
        after.uploads_retransmitted);
    add(all, "round_trip_s", quartiles_of(before.round_trips), quartiles_of(after.round_trips));
    return all;
}

}  // namespace deadair::path_quality
