#include "prober/session/heartbeats.hpp"

#include <gtest/gtest.h>

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;

// The server's clock is an hour ahead; 20 ms each way.
void beat(heartbeats& to, nanoseconds at, nanoseconds there = 20ms, nanoseconds back = 20ms)
{
    const auto number = to.sent(at);
    to.answered(number, at + there + 1h, at + there + back);
}

TEST(heartbeats, an_even_path_has_no_jitter)
{
    heartbeats seen;
    for (int count = 0; count < 10; ++count)
        beat(seen, count * 500ms);
    EXPECT_EQ(seen.answered_count(), 10);
    EXPECT_EQ(seen.to_server().jitter, 0ns);
    EXPECT_EQ(seen.to_client().jitter, 0ns);
}

TEST(heartbeats, each_way_has_its_own_jitter)
{
    heartbeats seen;
    for (int count = 0; count < 200; ++count)
        beat(seen, count * 500ms, 20ms, count % 2 == 0 ? 20ms : 30ms);
    EXPECT_EQ(seen.to_server().jitter, 0ns);
    EXPECT_GT(seen.to_client().jitter, 9ms);
    EXPECT_LE(seen.to_client().jitter, 10ms);
    EXPECT_EQ(seen.to_client().late, 0);
}

TEST(heartbeats, one_that_was_sent_again_is_late_once)
{
    heartbeats seen;
    beat(seen, 0s);
    beat(seen, 500ms, 220ms);
    beat(seen, 1s);
    EXPECT_EQ(seen.to_server().late, 1);
    EXPECT_EQ(seen.to_client().late, 0);
}

TEST(heartbeats, a_new_connection_is_not_compared_with_the_old_one)
{
    heartbeats seen;
    beat(seen, 0s);
    seen.restart();
    beat(seen, 10s, 900ms);
    EXPECT_EQ(seen.to_server().late, 0);
    EXPECT_EQ(seen.sent_count(), 2);
}

TEST(heartbeats, each_is_answered_once)
{
    heartbeats seen;
    const auto number = seen.sent(1s);
    EXPECT_EQ(seen.answered(number, 1h, 1020ms), 1s);
    EXPECT_EQ(seen.answered(number, 1h, 1020ms), std::nullopt);
    EXPECT_EQ(seen.answered_count(), 1);
}

TEST(heartbeats, one_that_was_not_sent_has_no_answer)
{
    heartbeats seen;
    EXPECT_EQ(seen.answered(1, 1h, 1s), std::nullopt);
    const auto number = seen.sent(1s);
    EXPECT_EQ(seen.answered(number + 1, 1h, 1020ms), std::nullopt);
}

TEST(heartbeats, an_answer_to_a_beat_on_another_connection_is_none)
{
    heartbeats seen;
    const auto number = seen.sent(1s);
    seen.restart();
    EXPECT_EQ(seen.answered(number, 1h, 10s), std::nullopt);
}

TEST(heartbeats, no_clock_runs_for_centuries)
{
    heartbeats seen;
    const auto number = seen.sent(1s);
    EXPECT_EQ(seen.answered(number, nanoseconds::max(), 1020ms), std::nullopt);
    EXPECT_EQ(seen.answered(number, nanoseconds::min(), 1020ms), std::nullopt);
}

}  // namespace
}  // namespace deadair::prober
