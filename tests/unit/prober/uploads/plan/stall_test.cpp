#include "prober/uploads/plan/stall.hpp"

#include <gtest/gtest.h>

namespace deadair::prober::uploads {
namespace {

using namespace std::chrono_literals;

TEST(stall_watch, finds_the_longest_time_without_progress)
{
    stall_watch watch{1s};
    watch.seen(1020ms, 10);
    watch.seen(1040ms, 20);
    watch.seen(1060ms, 20);
    watch.seen(1440ms, 20);
    watch.seen(1460ms, 30);
    watch.seen(1480ms, 40);
    watch.seen(1500ms, 40);
    EXPECT_EQ(watch.longest(), 400ms);
    EXPECT_EQ(watch.current(), 20ms);
}

TEST(stall_watch, counts_from_the_beginning_when_nothing_ever_moves)
{
    stall_watch watch{1s};
    watch.seen(2s, 0);
    watch.seen(61s, 0);
    EXPECT_EQ(watch.longest(), 60s);
    EXPECT_EQ(watch.current(), 60s);
}

TEST(stall_watch, takes_no_late_sample_for_a_stall)
{
    stall_watch watch{0s};
    watch.seen(20ms, 10);
    watch.seen(5s, 5000);  // the program slept, the transfer did not
    EXPECT_EQ(watch.longest(), 0ms);
}

}  // namespace
}  // namespace deadair::prober::uploads
