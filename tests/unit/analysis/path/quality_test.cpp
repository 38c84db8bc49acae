#include "analysis/path/quality.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace deadair::path_quality {
namespace {

using namespace std::chrono_literals;

std::vector<sample> grown(double sent, double again, nanoseconds over = 1h)
{
    return {{0s, "sent_segments", 1000},
            {0s, "retransmitted_segments", 70},
            {over / 2, "sent_segments", 1001},
            {over, "sent_segments", 1000 + sent},
            {over, "retransmitted_segments", 70 + again}};
}

TEST(quality, counts_from_the_first_sample_to_the_last)
{
    const auto seen = quality_of(grown(99'000, 1000, 2h));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->sent, 100'000);
    EXPECT_DOUBLE_EQ(seen->retransmitted_share(), 0.01);
    EXPECT_DOUBLE_EQ(seen->per_hour(seen->retransmitted), 500);
}

TEST(quality, is_graded_by_the_yardsticks)
{
    EXPECT_EQ(quality_of(grown(100'000, 15))->how, grade::usual);
    EXPECT_EQ(quality_of(grown(100'000, 30))->how, grade::raised);
    EXPECT_EQ(quality_of(grown(100'000, 40))->how, grade::degraded);
}

TEST(quality, does_not_judge_a_handful_of_segments)
{
    EXPECT_EQ(quality_of(grown(1000, 1))->how, grade::too_few);
    EXPECT_EQ(quality_of(grown(1000, 50))->how, grade::degraded);
}

TEST(quality, does_not_call_lost_what_the_receiver_had)
{
    auto samples = grown(9900, 100);
    samples.push_back({0s, "needless_segments", 5});
    samples.push_back({1h, "needless_segments", 45});
    EXPECT_DOUBLE_EQ(quality_of(samples)->lost_share(), 0.006);
}

TEST(quality, leaves_out_what_was_sent_to_bindings_that_were_gone)
{
    const auto seen = quality_of(grown(50'000, 120), {.sent = 1000, .retransmitted = 120});
    EXPECT_EQ(seen->retransmitted, 0);
    EXPECT_EQ(seen->sent, 50'000 - 880);
    EXPECT_EQ(seen->how, grade::usual);
}

TEST(quality, needs_two_moments_and_counters_that_grow)
{
    EXPECT_FALSE(quality_of({}));
    EXPECT_FALSE(quality_of(std::vector<sample>{{0s, "sent_segments", 1}}));
    EXPECT_FALSE(quality_of(grown(-500, 0)));
}

TEST(quality, is_told_in_one_sentence)
{
    EXPECT_EQ(describe(*quality_of(grown(9500, 500))),
              "beside the connections under test this host sent 10000 TCP segments in 1 h, 5 % of "
              "them again (500 an hour): degraded "
              "(usual are 0.02 %, degraded is 0.037 % and more)");
}

}  // namespace
}  // namespace deadair::path_quality
