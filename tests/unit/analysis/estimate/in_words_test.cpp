#include "analysis/estimate/in_words.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

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

TEST(in_words, both_ends_of_an_interval_are_said_in_one_unit)
{
    EXPECT_EQ(interval_in_words(between(3593s, 3608s)), "3593 s to 3608 s");
    EXPECT_EQ(interval_in_words(between(3563s, 3608s)), "3563 s to 3608 s");
    EXPECT_EQ(interval_in_words(between(54min, 66min)), "54 min to 1 h 6 min");
}

/// "2 h 4 min" and "899.75 s" in seconds.
double seconds_in(std::string text)
{
    double sum = 0;
    while (!text.empty()) {
        std::size_t used = 0;
        const double number = std::stod(text, &used);
        const auto unit = text.substr(used + 1, text.find(' ', used + 1) - used - 1);
        sum += number * (unit == "ms"    ? 1e-3
                         : unit == "min" ? 60
                         : unit == "h"   ? 3600
                         : unit == "d"   ? 86400
                                         : 1);
        text.erase(0, std::min(text.size(), used + unit.size() + 2));
    }
    return sum;
}

TEST(in_words, no_end_of_any_interval_moves_inward_or_by_more_than_a_tenth_of_its_width)
{
    for (double low = 0.037; low < 200'000; low *= 1.37)
        for (double width = 0.01; width < low * 3 + 20; width *= 2.3) {
            const auto one = between(from_seconds(low), from_seconds(low + width));
            const auto said = interval_in_words(one);
            const auto middle = said.find(" to ");
            const double from = seconds_in(said.substr(0, middle));
            const double to = seconds_in(said.substr(middle + 4));
            const double most = width / 10 + 1e-5;
            EXPECT_TRUE(from <= low + 1e-5 && from >= low - most) << said << " for " << low;
            EXPECT_TRUE(to >= low + width - 1e-5 && to <= low + width + most)
                << said << " for " << low + width;
        }
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
