#include "analysis/recommend/formulas.hpp"

#include <gtest/gtest.h>

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;

constexpr conditions path(double loss)
{
    return {.round_trip = 100ms, .packet_loss = loss};
}

TEST(formulas, keep_a_margin_below_what_was_survived)
{
    EXPECT_EQ(safe_age(1000s), 989s);
    EXPECT_EQ(safe_age(500ms), 0s);
}

TEST(formulas, repeat_a_lost_packet_after_doubling_pauses)
{
    EXPECT_EQ(last_try_after(1, 300ms), 0s);
    EXPECT_EQ(last_try_after(4, 300ms), 2100ms);
    EXPECT_EQ(last_try_after(3, 100s), 220s);  // no step over 120 s
}

TEST(formulas, reuse_ends_earlier_the_more_is_lost)
{
    EXPECT_GT(reuse_max(600s, path(0.001)), reuse_max(600s, path(0.01)));
    EXPECT_GT(reuse_max(600s, path(0.01)), reuse_max(600s, path(0.05)));
    EXPECT_LT(reuse_max(10s, path(0.05)), 0s);
}

TEST(formulas, a_pong_may_come_after_an_outage)
{
    EXPECT_EQ(pong_wait_max(path(0.01)), burst + 1100ms);
    EXPECT_GT(pong_wait_max(path(0.3)), burst + 1100ms);
}

}  // namespace
}  // namespace deadair::recommend
