#include "analysis/path/quality.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace deadair::path_quality {
namespace {

using namespace std::chrono_literals;

TEST(quality, sums_up_a_connection_that_was_opened_anew)
{
    const std::vector<sample> seen{{0s, "segments_out", 10},   {0s, "retransmitted_segments", 1},
                                   {60s, "segments_out", 100}, {60s, "retransmitted_segments", 3},
                                   {120s, "segments_out", 20}, {120s, "retransmitted_segments", 0}};
    const auto all = grown(seen);
    EXPECT_EQ(all.sent, 120);
    EXPECT_EQ(all.retransmitted, 3);
}

TEST(quality, is_graded_by_the_yardsticks)
{
    EXPECT_EQ(judge({100'000, 15}, {}).how, grade::usual);
    EXPECT_EQ(judge({100'000, 30}, {}).how, grade::raised);
    EXPECT_EQ(judge({100'000, 40}, {}).how, grade::degraded);
}

TEST(quality, does_not_judge_a_handful_of_segments)
{
    EXPECT_EQ(judge({1000, 1}, {}).how, grade::too_few);
    EXPECT_EQ(judge({1000, 50}, {}).how, grade::degraded);
}

TEST(quality, of_the_path_does_not_follow_from_other_programs_dying_connections)
{
    const auto seen = judge({30'000, 0}, segments{10'000, 375});
    EXPECT_EQ(seen.how, grade::usual);
    EXPECT_EQ(describe(seen),
              "of 30000 TCP segments on our own living connections 0 were sent again (0.00 %): as "
              "usual (0.02 %); all programs of this host: 10000 segments, 3.75 % again");
}

TEST(quality, of_a_host_needs_two_moments_and_counters_that_grow)
{
    EXPECT_FALSE(grown_of_host({}));
    EXPECT_FALSE(grown_of_host(std::vector<sample>{{0s, "sent_segments", 1}}));
    EXPECT_FALSE(grown_of_host(
        std::vector<sample>{{0s, "sent_segments", 1000}, {1h, "sent_segments", 500}}));
    const std::vector<sample> grew{{0s, "sent_segments", 1000},
                                   {0s, "retransmitted_segments", 70},
                                   {1h, "sent_segments", 10'000},
                                   {1h, "retransmitted_segments", 170}};
    EXPECT_EQ(grown_of_host(grew)->sent, 9100);
    EXPECT_EQ(grown_of_host(grew)->retransmitted, 100);
}

}  // namespace
}  // namespace deadair::path_quality
