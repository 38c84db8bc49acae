#include "prober/planner/refresh_plan.hpp"

#include <gtest/gtest.h>

#include <map>

namespace deadair::planner {
namespace {

using namespace std::chrono_literals;

refresh_settings all_means()
{
    refresh_settings wanted;
    for (const auto kind : {transport::tls, transport::wss})
        wanted.paths.push_back({.family = address_family::ipv4, .server_port = 7443, .kind = kind});
    wanted.directions = {direction::to_client, direction::to_server};
    for (const auto by : {refresh::tcp_keepalive, refresh::ws_ping, refresh::data})
        wanted.wanted.push_back({by, refresh_side::client});
    wanted.connections_per_stratum = 2;
    return wanted;
}

// Runs the plan against a middlebox that answers every probe the same way.
struct world {
    refresh_plan plan{all_means()};
    time now{};
    std::map<connection_id, path> open;
    std::vector<start_refresh> refreshed;
    std::map<probe_id, time> probed;
    outcome answer{outcome::delivered};
    int opened_in_all{};

    void take(const action& one)
    {
        if (const auto* up = std::get_if<open_connection>(&one)) {
            open[up->connection] = up->on;
            ++opened_in_all;
            plan.on(opened{up->connection, now});
        } else if (const auto* start = std::get_if<start_refresh>(&one)) {
            refreshed.push_back(*start);
        } else if (const auto* send = std::get_if<send_probe>(&one)) {
            probed[send->probe] = now;
            plan.on(settled{.probe = send->probe, .result = answer, .idle_age = now});
        }
    }
    void run(nanoseconds expired)
    {
        int steps = 0;
        do {
            for (const auto& one : plan.act(now, {.expired = expired}))
                take(one);
            if (const auto wake = plan.wake_at())
                now = std::max(now, *wake);
        } while (plan.needs_time() && ++steps < 10'000);
    }
};

TEST(refresh_plan, does_nothing_before_the_idle_timeout_is_known)
{
    refresh_plan plan{all_means()};
    EXPECT_TRUE(plan.act(1h, {}).empty());
    EXPECT_FALSE(plan.wake_at());
    EXPECT_FALSE(plan.needs_time());
    EXPECT_FALSE(plan.expected_end());
    EXPECT_FALSE(plan.act(1h, {.expired = 10s}).empty());
    EXPECT_TRUE(plan.needs_time());
    EXPECT_GT(plan.expected_end(), 1h + 10s);
}

TEST(refresh_plan, has_nothing_to_do_when_no_means_is_asked_for)
{
    auto wanted = all_means();
    wanted.wanted.clear();
    refresh_plan plan{wanted};
    EXPECT_TRUE(plan.act(0s, {.expired = 10s}).empty());
    EXPECT_FALSE(plan.needs_time());
}

TEST(refresh_plan, holds_each_beyond_the_timeout_and_ends_near_one_timeout_later)
{
    world here;
    here.run(100s);
    EXPECT_FALSE(here.plan.needs_time());
    // tls: keepalive and data; wss: pings, too. Two directions, two connections each.
    EXPECT_EQ(here.probed.size(), 5u * 2 * 2);
    for (const auto& [probe, at] : here.probed)
        EXPECT_GT(at, 100s);
    EXPECT_LT(here.now, 130s);
}

TEST(refresh_plan, pings_no_connection_that_is_not_a_websocket)
{
    world here;
    here.run(10s);
    for (const auto& each : here.refreshed)
        if (each.how.by == refresh::ws_ping) {
            EXPECT_TRUE(is_websocket(here.open.at(each.connection).kind));
        }
}

TEST(refresh_plan, refreshes_several_times_within_the_timeout_and_keepalive_in_whole_seconds)
{
    world here;
    here.run(10s);
    for (const auto& each : here.refreshed) {
        EXPECT_LE(each.every, 2500ms);
        if (each.how.by == refresh::tcp_keepalive) {
            EXPECT_EQ(each.every, 2s);
        }
    }
}

TEST(refresh_plan, replaces_what_nobody_can_vouch_for_but_not_without_end)
{
    world here;
    here.answer = outcome::voided;
    here.run(10s);
    EXPECT_FALSE(here.plan.needs_time());
    EXPECT_EQ(here.opened_in_all, 5 * 2 * 2 * 4);
}

TEST(refresh_plan, sends_nothing_during_an_outage)
{
    world here;
    here.plan.on(outage_began{0s});
    EXPECT_TRUE(here.plan.act(1s, {.expired = 10s}).empty());
    here.plan.on(outage_ended{2s});
    EXPECT_FALSE(here.plan.act(2s, {.expired = 10s}).empty());
}

}  // namespace
}  // namespace deadair::planner
