#include "prober/session/far_clock.hpp"

#include <gtest/gtest.h>

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;

TEST(far_clock, translates_by_the_middle_of_the_round_trip)
{
    far_clock clock;
    clock.sample(100ms, 5s, 120ms);
    EXPECT_EQ(clock.to_ours(5s), 110ms);
    EXPECT_EQ(clock.error(), 10ms);
}

TEST(far_clock, trusts_the_shortest_trip)
{
    far_clock clock;
    clock.sample(0ms, 1000ms, 2ms);
    clock.sample(100ms, 1190ms, 300ms);
    EXPECT_EQ(clock.to_ours(1000ms), 1ms);
    EXPECT_EQ(clock.round_trip(), 2ms);
}

TEST(far_clock, forgets_old_trips_so_that_drift_does_not_matter)
{
    far_clock clock;
    clock.sample(0ms, 0ms, 1ms);
    for (int i = 0; i < 20; ++i)
        clock.sample(100ms, 200ms, 110ms);
    EXPECT_EQ(clock.error(), 5ms);
}

TEST(far_clock, a_senseless_reading_is_far_from_every_moment_of_a_run)
{
    far_clock clock;
    clock.sample(1s, 5s, 1020ms);
    EXPECT_LT(clock.to_ours(nanoseconds::max()), -365 * 24h);
    EXPECT_LT(clock.to_ours(nanoseconds::min()), -365 * 24h);
}

}  // namespace
}  // namespace deadair::prober
