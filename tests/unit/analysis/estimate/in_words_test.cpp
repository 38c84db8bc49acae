#include "analysis/estimate/in_words.hpp"

#include <gtest/gtest.h>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

finding between(nanoseconds low, nanoseconds high, finding_kind kind = finding_kind::timeout)
{
    finding one;
    one.kind = kind;
    one.low = low;
    one.high = high;
    one.idle_timeout = low + (high - low) / 2;
    return one;
}

TEST(in_words, an_interval_is_never_said_narrower_nor_much_wider)
{
    EXPECT_EQ(interval_in_words(between(45s, 55s)), "45 s to 55 s");
    EXPECT_EQ(interval_in_words(between(44600ms, 55200ms)), "44 s to 56 s");
    EXPECT_EQ(interval_in_words(between(0s, 14s)), "0 s to 14 s");
    EXPECT_EQ(interval_in_words(between(200ms, 14s)), "0 s to 14 s");
    EXPECT_EQ(interval_in_words(between(299980ms, 300020ms)), "299.98 s to 300.02 s");
}

TEST(in_words, minutes_are_said_only_where_they_hide_nothing)
{
    EXPECT_EQ(interval_in_words(between(7440s, 7560s)), "2 h 4 min to 2 h 6 min");
    EXPECT_EQ(interval_in_words(between(7441s, 7452s)), "7441 s to 7452 s");
    EXPECT_EQ(interval_in_words(between(899750ms, 900250ms)), "899.75 s to 900.25 s");
}

TEST(in_words, a_value_lies_within_its_interval)
{
    EXPECT_EQ(value_in_words(between(0s, 14s)), "7 s");
    EXPECT_EQ(in_words(between(45s, 55s, finding_kind::spread)), "anywhere within 45 s to 55 s");
}

}  // namespace
}  // namespace deadair::estimate
