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

struct row {
    std::chrono::seconds safe;
    std::chrono::seconds idle;
    std::chrono::seconds interval;
    unsigned count;
    std::chrono::seconds detection;
    std::chrono::seconds keepalive_max;  // at 1 %
    std::chrono::seconds reuse_max;      // at 1 %
};

class table : public testing::TestWithParam<row> {};

TEST_P(table, of_settings_over_idle_timeouts_at_one_percent_loss)
{
    const auto& expected = GetParam();
    const auto found = tcp_keepalive(expected.safe, path(0.01));
    EXPECT_EQ(found.idle, expected.idle);
    EXPECT_EQ(found.interval, expected.interval);
    EXPECT_EQ(found.count, expected.count);
    EXPECT_EQ(found.detection, expected.detection);
    EXPECT_NEAR(to_seconds(tcp_keepalive_max(expected.safe, path(0.01))),
                to_seconds(expected.keepalive_max), 1.2);
    EXPECT_NEAR(to_seconds(reuse_max(expected.safe, path(0.01))), to_seconds(expected.reuse_max),
                1.0);
}

INSTANTIATE_TEST_SUITE_P(published, table,
                         testing::Values(row{60s, 30s, 2s, 15, 60s, 48s, 54s},
                                         row{240s, 120s, 5s, 6, 150s, 218s, 234s},
                                         row{350s, 175s, 5s, 6, 205s, 328s, 344s},
                                         row{900s, 450s, 5s, 6, 480s, 883s, 894s},
                                         row{3600s, 1800s, 5s, 6, 1830s, 3583s, 3594s}));

TEST(formulas, reuse_ends_earlier_the_more_is_lost)
{
    EXPECT_GT(reuse_max(600s, path(0.001)), reuse_max(600s, path(0.01)));
    EXPECT_GT(reuse_max(600s, path(0.01)), reuse_max(600s, path(0.05)));
    EXPECT_LT(reuse_max(10s, path(0.05)), 0s);
}

TEST(formulas, a_stalled_write_waits_as_long_as_loss_and_round_trip_demand)
{
    const auto stall = [](nanoseconds trip, double loss) {
        return to_seconds(write_stall_max({.round_trip = trip, .packet_loss = loss}));
    };
    EXPECT_NEAR(stall(20ms, 0.001), 11, 1.5);
    EXPECT_NEAR(stall(20ms, 0.01), 15, 1.5);
    EXPECT_NEAR(stall(100ms, 0.01), 20, 1.5);
    EXPECT_NEAR(stall(300ms, 0.01), 33, 2);
    EXPECT_NEAR(stall(20ms, 0.05), 226, 5);
    EXPECT_NEAR(stall(300ms, 0.05), 369, 5);
}

}  // namespace
}  // namespace deadair::recommend
