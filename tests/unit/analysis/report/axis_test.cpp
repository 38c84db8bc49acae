#include "analysis/report/axis.hpp"

#include <gtest/gtest.h>

namespace deadair::report {
namespace {

using namespace std::chrono_literals;

TEST(axis, takes_even_steps_within_a_short_range)
{
    const axis across{{.low = 0s, .high = 40s}, 0, 400};
    EXPECT_DOUBLE_EQ(across.at(10s), 100);
    EXPECT_EQ(across.ticks(6), (std::vector<nanoseconds>{0s, 10s, 20s, 30s, 40s}));
}

TEST(axis, takes_equal_ratios_over_a_long_range)
{
    const axis across{{.low = 1s, .high = 10'000s}, 0, 400};
    EXPECT_NEAR(across.at(100s), 200, 1e-9);
    EXPECT_LE(across.ticks(4).size(), 4U);
}

TEST(axis, keeps_what_is_out_of_range_at_its_end)
{
    const axis up{{.low = 1s, .high = 2s}, 100, 0};
    EXPECT_DOUBLE_EQ(up.at(0s), 100);
    EXPECT_DOUBLE_EQ(up.at(1h), 0);
    EXPECT_FALSE(up.shows(1h));
}

TEST(axis, has_few_ticks_in_any_range)
{
    for (auto low = 0ns; low < 24h; low = low * 7 + 3ms)
        for (const auto span :
             {nanoseconds{1ns}, nanoseconds{7ms}, nanoseconds{90s}, nanoseconds{10'000h}})
            EXPECT_LE(axis({.low = low, .high = low + span}, 0, 1).ticks(5).size(), 5U);
}

}  // namespace
}  // namespace deadair::report
