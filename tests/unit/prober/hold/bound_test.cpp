#include "prober/hold/bound.hpp"

#include <gtest/gtest.h>

namespace deadair::hold {
namespace {

TEST(bound, of_none_in_300_is_one_percent)
{
    const auto share = failure_share(0, 300);
    EXPECT_EQ(share.low, 0);
    EXPECT_NEAR(share.high, 0.00994, 0.00001);
}

// Clopper and Pearson's interval for 5 of 100, as every table of it has it.
TEST(bound, of_some_is_exact)
{
    const auto share = failure_share(5, 100);
    EXPECT_NEAR(share.low, 0.0164, 0.0001);
    EXPECT_NEAR(share.high, 0.1128, 0.0001);
}

TEST(bound, of_all_reaches_one)
{
    const auto share = failure_share(10, 10);
    EXPECT_NEAR(share.low, 0.6915, 0.0001);
    EXPECT_EQ(share.high, 1);
}

TEST(bound, of_nothing_tried_says_nothing)
{
    EXPECT_EQ(failure_share(0, 0).high, 1);
}

}  // namespace
}  // namespace deadair::hold
