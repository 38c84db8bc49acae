#include "prober/hops/plan/plan.hpp"

#include <gtest/gtest.h>

#include "prober/hops/plan/bisection.hpp"
#include "tests/unit/prober/hops/plan/row_of_boxes.hpp"

namespace deadair::hops_plan {
namespace {

plan plan_of(int server_hop, nanoseconds timeout)
{
    return {.on = {}, .server_hop = server_hop, .timeout_low = timeout, .timeout_high = timeout};
}

TEST(hops_plan, has_every_reach_from_both_ends_and_stays_within_its_connections)
{
    for (int server_hop = 2; server_hop <= 15; ++server_hop) {
        const auto of = plan_of(server_hop, 8s);
        ASSERT_FALSE(refuse(of)) << *refuse(of);
        ASSERT_FALSE(is_bisected(of));
        const auto all = trials_of(of);
        EXPECT_LE(all.size(), of.connections);
        for (int hops = 1; hops < server_hop; ++hops)
            for (const auto from : {refresh_side::client, refresh_side::server})
                EXPECT_NE(std::ranges::find(all, trial{from, hops, age_first(of)}), all.end());
    }
}

TEST(hops_plan, is_silent_for_the_first_age_or_longer_and_for_no_longer_than_the_last)
{
    const auto of = plan_of(4, 8s);
    EXPECT_EQ(age_first(of), 10200ms);
    EXPECT_EQ(age_last(of), 17s);
    for (const auto& each : trials_of(of)) {
        EXPECT_GE(each.age, age_first(of));
        EXPECT_LE(each.age, age_last(of) + 1ms);
    }
}

TEST(hops_plan, keeps_below_what_three_like_keepalives_cost)
{
    EXPECT_EQ(refresh_every(plan_of(4, 8s)), 2s);
    EXPECT_EQ(refresh_every(plan_of(4, 1h)), 4min);
    EXPECT_EQ(refresh_every(plan_of(4, 3s)), 1s);
    const auto of = plan_of(4, 4h);
    ASSERT_FALSE(refuse(of));
    EXPECT_LE(age_last(of) / refresh_every(of), 120);
}

TEST(hops_plan, refuses_what_cannot_work_and_says_what_would)
{
    EXPECT_NE(refuse(plan_of(1, 8s))->find("no hop"), std::string::npos);
    EXPECT_NE(refuse(plan_of(4, 2s))->find("too short"), std::string::npos);
    EXPECT_NE(refuse(plan_of(4, 9h))->find("too long"), std::string::npos);
    auto of = plan_of(4, 8s);
    of.idle_max = 9s;
    EXPECT_NE(refuse(of)->find("--max-idle 9 s"), std::string::npos) << *refuse(of);
    of = plan_of(4, 8s);
    of.connections = 16;
    EXPECT_NE(refuse(of)->find("use at least 17"), std::string::npos) << *refuse(of);
    of.connections = 17;
    EXPECT_FALSE(refuse(of));
}

TEST(course, tries_again_what_tells_nothing_and_takes_back_what_arrives_late)
{
    const auto of = plan_of(2, 8s);
    course all{of, trials_of(of)};
    std::vector<planner::connection_id> opened;
    for (const auto& todo : all.act(0s))
        if (const auto* const open = std::get_if<planner::open_connection>(&todo))
            opened.push_back(open->connection);
    ASSERT_EQ(opened.size(), 1U);
    all.on(planner::open_failed{opened[0], 0s});
    bool again = false;
    for (const auto& todo : all.act(1s))
        again = again || std::holds_alternative<planner::open_connection>(todo);
    EXPECT_TRUE(again);
    EXPECT_FALSE(all.finished());
    EXPECT_TRUE(all.results().empty());

    row_of_boxes row{{{.timeout = 8s}}};
    EXPECT_EQ(row.run(of).size(), trials_of(of).size());
}

TEST(course, asks_for_nothing_during_an_outage)
{
    const auto of = plan_of(3, 8s);
    course all{of, trials_of(of)};
    all.on(planner::outage_began{0s});
    EXPECT_TRUE(all.act(1s).empty());
    all.on(planner::outage_ended{2s});
    EXPECT_FALSE(all.act(2s).empty());
}

}  // namespace
}  // namespace deadair::hops_plan
