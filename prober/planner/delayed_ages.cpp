#include "prober/planner/delayed_ages.hpp"

#include <algorithm>

namespace deadair::planner {

namespace {

// Each edge of the answer is asked by so many connections: one may fail by chance.
constexpr std::size_t at_each_edge = 3;
// From one age to the next while nothing has expired: with some under way at a time the longest
// that lives is reached in little more than its own time.
constexpr double rung = 1.6;

}  // namespace

delayed_ages::delayed_ages(const limits& wanted) : wanted_{wanted}, most_{wanted.most} {}

void delayed_ages::learn(nanoseconds age, bool alive)
{
    seen_.push_back({age, alive});
}

std::uint32_t delayed_ages::alive() const
{
    return static_cast<std::uint32_t>(std::ranges::count(seen_, true, &one::alive));
}

nanoseconds delayed_ages::survived() const
{
    nanoseconds longest{};
    for (const auto& each : seen_)
        if (each.alive)
            longest = std::max(longest, each.age);
    return longest;
}

std::optional<nanoseconds> delayed_ages::expired() const
{
    const auto from = survived();
    std::optional<nanoseconds> shortest;
    for (const auto& each : seen_)
        if (!each.alive && each.age > from)
            shortest = std::min(shortest.value_or(each.age), each.age);
    return shortest;
}

nanoseconds delayed_ages::width_at(nanoseconds age) const
{
    return std::max(
        {wanted_.width, from_seconds(wanted_.width_relative * to_seconds(age)), wanted_.step});
}

std::optional<nanoseconds> delayed_ages::next(std::span<const nanoseconds> asked) const
{
    const auto low = survived();
    const auto dead = expired();
    const bool under_way = std::ranges::find(asked, wanted_.least) != asked.end();
    if (low == nanoseconds{} && !under_way && !dead)
        return wanted_.least;
    const auto high = dead.value_or(most_);
    const bool narrow = dead && (high - low <= width_at(high) || high <= wanted_.least);
    if (narrow || (!dead && low + width_at(most_) >= most_))
        return confirm(low, high, asked);
    const auto from = std::max(low, wanted_.least);
    return dead ? split(from, high, asked) : climb(from, high, asked);
}

std::size_t delayed_ages::told_between(nanoseconds low, nanoseconds high, bool alive,
                                       std::span<const nanoseconds> asked) const
{
    const auto inside = [&](nanoseconds age) { return age >= low && age <= high; };
    const auto known = std::ranges::count_if(
        seen_, [&](const one& each) { return each.alive == alive && inside(each.age); });
    return static_cast<std::size_t>(known + std::ranges::count_if(asked, inside));
}

std::optional<nanoseconds> delayed_ages::confirm(nanoseconds low, nanoseconds high,
                                                 std::span<const nanoseconds> asked) const
{
    const auto width = width_at(high);
    const bool anything_expired = expired().has_value();
    const auto above = in_steps(high);
    const auto below = std::max(in_steps(low - wanted_.step / 2), wanted_.least);
    if (anything_expired && told_between(high, above + width, false, asked) < at_each_edge)
        return above;
    const bool tells = low > nanoseconds{} && (!anything_expired || below < high);
    if (tells && told_between(below - width, low, true, asked) < at_each_edge)
        return anything_expired ? below : std::min(in_steps(low), most_);
    return std::nullopt;
}

// While nothing has expired, a little more than the longest that is under way: what is far too long
// takes far too long.
std::optional<nanoseconds> delayed_ages::climb(nanoseconds low, nanoseconds top,
                                               std::span<const nanoseconds> asked) const
{
    auto longest = low;
    for (const auto each : asked)
        longest = std::max(longest, each);
    if (longest >= top)
        return std::nullopt;
    const auto higher =
        std::max(in_steps(from_seconds(rung * to_seconds(longest))), longest + wanted_.step);
    return std::min(higher, top);
}

// The middle of the widest gap between what is known and what is under way.
std::optional<nanoseconds> delayed_ages::split(nanoseconds low, nanoseconds high,
                                               std::span<const nanoseconds> asked) const
{
    std::vector<nanoseconds> points{low, high};
    for (const auto each : asked)
        if (each > low && each < high)
            points.push_back(each);
    std::ranges::sort(points);
    nanoseconds widest{};
    nanoseconds middle{};
    for (std::size_t i = 1; i < points.size(); ++i)
        if (const auto gap = points[i] - points[i - 1]; gap > widest) {
            widest = gap;
            middle = in_steps(points[i - 1] + gap / 2);
        }
    const bool worth = widest > width_at(high) && middle > low && middle < high;
    return worth ? std::optional{middle} : std::nullopt;
}

// The nearest that can be asked for.
nanoseconds delayed_ages::in_steps(nanoseconds age) const
{
    return (age + wanted_.step / 2) / wanted_.step * wanted_.step;
}

}  // namespace deadair::planner
