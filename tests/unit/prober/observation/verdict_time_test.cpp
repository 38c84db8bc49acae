#include "prober/observation/verdict_time.hpp"

#include <gtest/gtest.h>

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;

TEST(verdict_time, waits_as_long_as_was_asked_on_a_short_path)
{
    verdict_time waits{2s};
    EXPECT_EQ(waits.after(), 2s);
    waits.sample(204ms);
    EXPECT_EQ(waits.after(204ms), 2s);
}

TEST(verdict_time, waits_for_several_retransmissions_on_a_longer_one)
{
    verdict_time waits{2s};
    waits.sample(500ms);
    EXPECT_EQ(waits.after(), 4s);
}

TEST(verdict_time, forgets_a_lost_packet_as_soon_as_the_path_is_as_before)
{
    verdict_time waits{2s};
    waits.sample(5300ms);
    EXPECT_EQ(waits.after(), 15s);
    waits.sample(400ms);
    EXPECT_EQ(waits.after(), 3200ms);
}

TEST(verdict_time, follows_a_path_that_became_longer)
{
    verdict_time waits{2s};
    waits.sample(210ms);
    for (int beat = 0; beat < 15; ++beat)
        waits.sample(1s);
    EXPECT_EQ(waits.after(), 2s);
    waits.sample(1s);
    EXPECT_EQ(waits.after(), 8s);
}

TEST(verdict_time, is_at_most_15_s_unless_one_retransmission_takes_longer)
{
    verdict_time waits{2s};
    waits.sample(3s);
    EXPECT_EQ(waits.after(), 15s);
    EXPECT_EQ(waits.after(9s), 18s);
}

TEST(verdict_time, has_a_bound_whatever_a_peer_makes_of_the_round_trip)
{
    verdict_time waits{2s};
    waits.sample(1000s);
    EXPECT_EQ(waits.after(4000s), 60s);
}

TEST(verdict_time, lets_a_slow_connection_on_a_short_path_send_once_more)
{
    verdict_time waits{2s};
    waits.sample(204ms);
    EXPECT_EQ(waits.after(3s), 6s);
}

}  // namespace
}  // namespace deadair::observation
