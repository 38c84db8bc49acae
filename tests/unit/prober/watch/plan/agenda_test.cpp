#include "prober/watch/plan/agenda.hpp"

#include <gtest/gtest.h>

namespace deadair::watch_plan {
namespace {

using namespace std::chrono_literals;

TEST(agenda, begins_with_a_measurement)
{
    const agenda fresh{6h, std::nullopt};
    EXPECT_EQ(fresh.due(0s), occasion::first);
}

TEST(agenda, goes_on_where_it_was_after_a_restart)
{
    const agenda resumed{6h, 2h};
    EXPECT_EQ(resumed.due(3h), std::nullopt);
    EXPECT_EQ(resumed.due(4h), occasion::scheduled);
}

TEST(agenda, measures_at_once_when_the_wall_clock_makes_no_sense)
{
    EXPECT_EQ((agenda{6h, -3h}.due(0s)), occasion::scheduled);
    EXPECT_EQ((agenda{6h, 900h}.due(0s)), occasion::scheduled);
}

TEST(agenda, measures_every_so_often_for_a_week)
{
    agenda one{6h, std::nullopt};
    int measured = 0;
    for (time now{}; now < 7 * 24h; now += 1min)
        if (one.due(now)) {
            one.began();
            EXPECT_EQ(one.due(now + 5min), std::nullopt);
            one.ended(true, now + 10min);
            ++measured;
        }
    EXPECT_EQ(measured, 28);
}

TEST(agenda, measures_once_a_changed_path_has_settled)
{
    agenda one{6h, 1h};
    one.changed(occasion::path_changed, 10s);
    one.changed(occasion::path_changed, 13s);
    EXPECT_EQ(one.due(17s), std::nullopt);
    EXPECT_EQ(one.due(18s), occasion::path_changed);
}

TEST(agenda, measures_again_when_the_path_changed_meanwhile)
{
    agenda one{6h, std::nullopt};
    one.began();
    one.changed(occasion::path_changed, 20s);
    EXPECT_EQ(one.due(40s), std::nullopt);
    one.ended(true, 50s);
    EXPECT_EQ(one.due(50s), occasion::path_changed);
}

TEST(agenda, tries_a_failed_measurement_again_later_each_time_but_never_later_than_planned)
{
    agenda one{5min, std::nullopt};
    time now{};
    std::vector<nanoseconds> pauses;
    for (int each = 0; each < 8; ++each) {
        one.began();
        one.ended(false, now);
        pauses.push_back(one.next() - now);
        now = one.next();
    }
    EXPECT_EQ(pauses.front(), 10s);
    EXPECT_EQ(pauses.back(), 5min);
    EXPECT_EQ(one.due(now), occasion::first);
}

}  // namespace
}  // namespace deadair::watch_plan
