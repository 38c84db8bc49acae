#include "analysis/estimate/comparison.hpp"

#include <gtest/gtest.h>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

finding died(nanoseconds low, nanoseconds high, expiry how = expiry::silent)
{
    finding one;
    one.kind = finding_kind::timeout;
    one.low = low;
    one.high = high;
    one.idle_timeout = (low + high) / 2;
    one.after_expiry = how;
    return one;
}

finding survived(nanoseconds longest)
{
    finding one;
    one.kind = finding_kind::none;
    one.low = longest;
    return one;
}

change between(const finding& before, const finding& after)
{
    const auto changes = compare({&before, 1}, {&after, 1});
    EXPECT_EQ(changes.size(), 1U);
    return changes.front().what;
}

TEST(comparison, intervals_that_overlap_are_the_same)
{
    EXPECT_EQ(between(died(19s, 21s), died(20s, 22s)), change::same);
    EXPECT_EQ(between(died(19s, 20s), died(20s, 21s)), change::same);
    EXPECT_EQ(between(died(19s, 20s), died(21s, 22s)), change::differs);
    EXPECT_EQ(between(died(21s, 22s), died(19s, 20s)), change::differs);
}

TEST(comparison, another_way_to_die_is_a_difference)
{
    EXPECT_EQ(between(died(19s, 21s), died(19s, 21s, expiry::reset)), change::differs);
    auto spread = died(19s, 25s);
    spread.kind = finding_kind::spread;
    EXPECT_EQ(between(died(19s, 21s), spread), change::differs);
}

TEST(comparison, survival_differs_only_beyond_the_others_timeout)
{
    EXPECT_EQ(between(died(19s, 21s), survived(60s)), change::differs);
    EXPECT_EQ(between(survived(60s), died(19s, 21s)), change::differs);
    EXPECT_EQ(between(survived(15s), died(19s, 21s)), change::uncertain);
    EXPECT_EQ(between(survived(15s), survived(60s)), change::same);
}

TEST(comparison, an_inconclusive_run_tells_nothing)
{
    EXPECT_EQ(between(finding{}, died(19s, 21s)), change::uncertain);
    EXPECT_EQ(between(finding{}, finding{}), change::uncertain);
}

TEST(comparison, names_what_only_one_run_measured)
{
    auto other = died(19s, 21s);
    other.where.way = direction::to_server;
    const std::vector before{died(19s, 21s)};
    const std::vector after{died(19s, 21s), other};
    const auto grown = compare(before, after);
    ASSERT_EQ(grown.size(), 2U);
    EXPECT_EQ(grown[0].what, change::same);
    EXPECT_EQ(grown[1].what, change::only_after);
    EXPECT_EQ(compare(after, before)[1].what, change::only_before);
}

TEST(comparison, holds_mixtures_against_each_other_value_by_value)
{
    const std::vector before{died(19s, 21s), died(59s, 61s)};
    const std::vector swapped{died(59s, 61s), died(19s, 21s)};
    EXPECT_EQ(compare(before, swapped)[0].what, change::same);
    EXPECT_EQ(compare(before, {&before[0], 1})[0].what, change::differs);
}

TEST(comparison, says_what_was_and_what_is)
{
    const auto before = died(19s, 21s);
    const auto after = survived(60s);
    EXPECT_EQ(compare({&before, 1}, {&after, 1})[0].sentence,
              describe(before.where) +
                  ": 20 s (19 s to 21 s), silent before, nothing expired up to 60 s after");
}

}  // namespace
}  // namespace deadair::estimate
