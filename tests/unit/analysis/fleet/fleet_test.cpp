#include "analysis/fleet/fleet.hpp"

#include <gtest/gtest.h>

namespace deadair::fleet {
namespace {

using namespace std::chrono_literals;
using estimate::expiry;
using estimate::finding;
using estimate::finding_kind;

finding a_timeout(nanoseconds low, nanoseconds high, expiry dies = expiry::silent)
{
    finding one;
    one.where.on.server_port = 7443;
    one.kind = finding_kind::timeout;
    one.low = low;
    one.high = high;
    one.idle_timeout = (low + high) / 2;
    one.after_expiry = dies;
    one.delivered = one.not_delivered = 10;
    return one;
}

measured_run a_run(std::int64_t id, const std::string& host, const finding& found,
                   const std::string& at = "2026-01-01T00:00:00.000Z")
{
    return {.run_id = id,
            .host = host,
            .server = "echo.example:7443",
            .started_at = at,
            .findings = {found}};
}

TEST(fleet, puts_together_what_may_be_the_same_and_names_who_stands_apart)
{
    std::vector<measured_run> runs;
    for (int i = 0; i < 30; ++i)
        runs.push_back(a_run(i, "vm" + std::to_string(i), a_timeout(19'800ms + i * 1ms, 20'200ms)));
    runs.push_back(a_run(100, "odd", a_timeout(5900ms, 6100ms)));
    runs.push_back(a_run(101, "reset", a_timeout(19'900ms, 20'100ms, expiry::reset)));
    const auto all = survey(runs);
    ASSERT_EQ(all.groups.size(), 3U);
    EXPECT_EQ(all.groups[0].members.size(), 30U);
    EXPECT_EQ(all.groups[0].one->low, 19'829ms);
    EXPECT_FALSE(all.groups[0].outlying);
    EXPECT_TRUE(all.groups[1].outlying);
    EXPECT_TRUE(all.groups[2].outlying);
}

TEST(fleet, has_no_outliers_where_there_is_no_majority)
{
    const std::vector runs{a_run(1, "a", a_timeout(6s, 7s)), a_run(2, "b", a_timeout(20s, 21s))};
    for (const auto& each : survey(runs).groups)
        EXPECT_FALSE(each.outlying);
}

TEST(fleet, speaks_of_the_latest_run_and_tells_what_changed)
{
    const std::vector runs{a_run(3, "a", a_timeout(6s, 7s), "2026-03-01T00:00:00.000Z"),
                           a_run(1, "a", a_timeout(20s, 21s), "2026-01-01T00:00:00.000Z"),
                           a_run(2, "a", a_timeout(20s, 22s), "2026-02-01T00:00:00.000Z")};
    const auto all = survey(runs);
    ASSERT_EQ(all.groups.size(), 1U);
    EXPECT_EQ(all.groups[0].members[0].run_id, 3);
    ASSERT_EQ(all.drifts.size(), 1U);
    EXPECT_EQ(all.drifts[0].before_run, 2);
    EXPECT_EQ(all.drifts[0].after_run, 3);
}

TEST(fleet, keeps_apart_who_has_no_answer)
{
    finding open;
    open.where.on.server_port = 7443;
    const std::vector runs{a_run(1, "a", open), a_run(2, "b", open),
                           a_run(3, "c", a_timeout(6s, 7s))};
    const auto all = survey(runs);
    ASSERT_EQ(all.groups.size(), 2U);
    EXPECT_FALSE(all.groups[0].one);
    EXPECT_EQ(all.groups[0].members.size(), 2U);
}

}  // namespace
}  // namespace deadair::fleet
