#include "prober/planner/refresh_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace deadair::planner {
namespace {

using namespace std::chrono_literals;

constexpr means keepalive{refresh::tcp_keepalive, refresh_side::client};
constexpr means busy{refresh::data, refresh_side::both};

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

known_so_far all_gone_by(nanoseconds age)
{
    known_so_far known;
    const auto wanted = all_means();
    for (const auto& on : wanted.paths)
        for (const auto way : wanted.directions)
            known.expired[{.on = on, .way = way}] = age;
    return known;
}

// What a connection is kept by; none: silent.
struct kept {
    path on;
    means how{};
    time opened{};
    std::vector<time> asked;
};

// Runs the plan against a middlebox that answers as it is told to.
struct world {
    refresh_plan plan{all_means()};
    time now{};
    std::map<connection_id, kept> all;
    std::set<connection_id> closed;
    std::function<outcome(const kept&)> answers = [](const kept& of) {
        return of.how.by == refresh::none ? outcome::lost : outcome::delivered;
    };

    void take(const action& one)
    {
        if (const auto* up = std::get_if<open_connection>(&one)) {
            all[up->connection] = {.on = up->on, .how = {}, .opened = now, .asked = {}};
            plan.on(opened{up->connection, now});
        } else if (const auto* start = std::get_if<start_refresh>(&one)) {
            all[start->connection].how = start->how;
            every[start->how.by] = start->every;
        } else if (const auto* send = std::get_if<send_probe>(&one)) {
            auto& of = all[send->connection];
            of.asked.push_back(now);
            plan.on(settled{.probe = send->probe, .result = answers(of)});
        } else if (const auto* done = std::get_if<close_connection>(&one)) {
            closed.insert(done->connection);
        }
    }
    void run(const known_so_far& known)
    {
        int steps = 0;
        do {
            for (const auto& one : plan.act(now, known))
                take(one);
            if (const auto wake = plan.wake_at())
                now = std::max(now, *wake);
        } while (plan.needs_time() && ++steps < 10'000);
        EXPECT_FALSE(plan.needs_time());
    }
    long count(means how) const
    {
        return std::ranges::count_if(all, [&](const auto& each) { return each.second.how == how; });
    }

    std::map<refresh, std::chrono::milliseconds> every;
};

TEST(refresh_plan, does_nothing_before_the_idle_timeout_is_known)
{
    refresh_plan plan{all_means()};
    EXPECT_TRUE(plan.act(1h, {}).empty());
    EXPECT_FALSE(plan.wake_at());
    EXPECT_FALSE(plan.needs_time());
    EXPECT_FALSE(plan.expected_end());
    EXPECT_FALSE(plan.act(1h, all_gone_by(10s)).empty());
    EXPECT_TRUE(plan.needs_time());
    EXPECT_GT(plan.expected_end(), 1h + 10s);
}

TEST(refresh_plan, has_nothing_to_do_when_no_means_is_asked_for)
{
    auto wanted = all_means();
    wanted.wanted.clear();
    refresh_plan plan{wanted};
    EXPECT_TRUE(plan.act(0s, all_gone_by(10s)).empty());
    EXPECT_FALSE(plan.needs_time());
}

TEST(refresh_plan, holds_each_beyond_the_timeout_and_ends_near_one_timeout_later)
{
    world here;
    here.run(all_gone_by(100s));
    // tls: keepalive and data; wss: pings, too. Two directions, two connections each.
    EXPECT_EQ(here.count(keepalive), 2 * 2 * 2);
    EXPECT_EQ(here.count({refresh::data, refresh_side::client}), 2 * 2 * 2);
    EXPECT_EQ(here.count({refresh::ws_ping, refresh_side::client}), 2 * 2);  // not over tls
    for (const auto& [number, each] : here.all) {
        EXPECT_GT(each.asked.back() - each.opened, 100s);
        EXPECT_TRUE(each.how == busy || each.asked.size() == 1);
    }
    EXPECT_LT(here.now, 130s);
}

// The first and the last of each cohort, asked when the others are.
TEST(refresh_plan, opens_silent_and_busy_controls_beside_and_asks_all_at_one_moment)
{
    world here;
    here.run(all_gone_by(100s));
    EXPECT_EQ(here.count({}), 2 * 4);
    EXPECT_EQ(here.count(busy), 2 * 4);
    std::map<time, std::pair<int, int>> moments;  // silent and busy ones, by when last asked
    for (const auto& [number, each] : here.all)
        if (each.how == means{})
            ++moments[each.asked.back()].first;
        else if (each.how == busy)
            ++moments[each.asked.back()].second;
    ASSERT_EQ(moments.size(), 4U);
    for (const auto& [at, of] : moments)
        EXPECT_EQ(of, (std::pair{2, 2}));
    for (const auto& [number, each] : here.all)
        EXPECT_TRUE(moments.contains(each.asked.back()));
    EXPECT_EQ(here.closed.size(), 8U) << "the busy ones, when they are of no more use";
}

TEST(refresh_plan, asks_busy_ones_again_and_again)
{
    world here;
    here.run(all_gone_by(100s));
    for (const auto& [number, each] : here.all)
        if (each.how == busy) {
            EXPECT_GT(each.asked.size(), 50U);
            EXPECT_EQ(std::ranges::adjacent_find(
                          each.asked, [](time one, time next) { return next - one > 3s; }),
                      each.asked.end());
        }
}

// Where little is opened at a time, a refreshed connection still has a control of about its age.
TEST(refresh_plan, opens_more_controls_where_opening_takes_long)
{
    world here;
    auto slow = all_means();
    slow.open_rate = 0.5;
    here.plan = refresh_plan{slow};
    here.run(all_gone_by(10s));
    for (const auto& [number, each] : here.all)
        EXPECT_TRUE(std::ranges::any_of(here.all, [&of = each](const auto& other) {
            return other.second.how == means{} && other.second.on == of.on &&
                   std::chrono::abs(other.second.opened - of.opened) <= 4s;
        }));
}

TEST(refresh_plan, times_each_stratum_by_its_own_timeout_as_soon_as_it_is_known)
{
    world here;
    auto known = all_gone_by(12s);
    std::erase_if(known.expired,
                  [](const auto& each) { return each.first.on.kind == transport::wss; });
    for (const auto& one : here.plan.act(0s, known))
        here.take(one);
    EXPECT_TRUE(std::ranges::all_of(
        here.all, [](const auto& each) { return each.second.on.kind == transport::tls; }));
    for (const auto& [where, age] : all_gone_by(18s).expired)
        known.expired.emplace(where, age);
    here.run(known);
    for (const auto& [number, each] : here.all)
        if (each.how == keepalive) {
            const auto held = each.asked.back() - each.opened;
            EXPECT_GT(held, each.on.kind == transport::tls ? 14s : 21s);
            EXPECT_LT(held, each.on.kind == transport::tls ? 17s : 24s);
        }
}

TEST(refresh_plan, refreshes_several_times_within_the_timeout_and_keepalive_in_whole_seconds)
{
    world here;
    here.run(all_gone_by(10s));
    EXPECT_LE(here.every.at(refresh::ws_ping), 2500ms);
    EXPECT_EQ(here.every.at(refresh::tcp_keepalive), 2s);
}

TEST(refresh_plan, tries_no_keepalive_where_a_second_is_too_long)
{
    world here;
    here.run(all_gone_by(1100ms));
    EXPECT_EQ(here.count(keepalive), 0);
    EXPECT_EQ(here.count({refresh::data, refresh_side::client}), 2 * 2 * 2);
}

TEST(refresh_plan, tries_once_more_what_nobody_can_vouch_for)
{
    world here;
    here.answers = [](const kept& of) {
        return of.how == keepalive          ? outcome::voided
               : of.how.by == refresh::none ? outcome::lost
                                            : outcome::delivered;
    };
    here.run(all_gone_by(10s));
    EXPECT_EQ(here.count(keepalive), 2 * 2 * 2 * 2);
    EXPECT_EQ(here.count({refresh::data, refresh_side::client}), 2 * 2 * 2);
}

// Something else than silence killed them: a loss of state, for example. Not where an age ends all.
TEST(refresh_plan, tries_all_once_more_where_busy_ones_died_unless_they_are_cut_anyway)
{
    for (const bool cut : {false, true}) {
        world here;
        here.answers = [](const kept&) { return outcome::lost; };
        auto known = all_gone_by(10s);
        known.busy_cut = cut;
        here.run(known);
        EXPECT_EQ(here.count(keepalive), 2 * 2 * 2 * (cut ? 1 : 2));
    }
}

TEST(refresh_plan, holds_longer_where_silent_ones_lived)
{
    world here;
    here.answers = [](const kept&) { return outcome::delivered; };
    here.run(all_gone_by(10s));
    nanoseconds longest{};
    for (const auto& [number, each] : here.all)
        if (each.how == keepalive)
            longest = std::max(longest, each.asked.back() - each.opened);
    EXPECT_EQ(here.count(keepalive), 2 * 2 * 2 * 2);
    EXPECT_GT(longest, 17s);
}

TEST(refresh_plan, opens_one_after_the_other_where_none_is_let_in_but_not_without_end)
{
    refresh_plan plan{all_means()};
    time now{};
    int opened_in_all = 0;
    do {
        for (const auto& one : plan.act(now, all_gone_by(10s)))
            if (const auto* up = std::get_if<open_connection>(&one)) {
                ++opened_in_all;
                plan.on(open_failed{up->connection, now});
            }
        now = std::max(now, plan.wake_at().value_or(now));
    } while (plan.needs_time() && now < 1h);
    EXPECT_FALSE(plan.needs_time());
    EXPECT_EQ(opened_in_all, 5);
}

// As long as a path lets nobody in that asks, few ask.
TEST(refresh_plan, opens_few_while_nobody_answers)
{
    refresh_plan plan{all_means()};
    int opened_in_all = 0;
    for (time now{}; now < 10s; now += 10ms)
        for (const auto& one : plan.act(now, all_gone_by(10s)))
            opened_in_all += std::holds_alternative<open_connection>(one) ? 1 : 0;
    EXPECT_LE(opened_in_all, 25);
}

TEST(refresh_plan, sends_nothing_during_an_outage)
{
    world here;
    here.plan.on(outage_began{0s});
    EXPECT_TRUE(here.plan.act(1s, all_gone_by(10s)).empty());
    here.plan.on(outage_ended{2s});
    EXPECT_FALSE(here.plan.act(2s, all_gone_by(10s)).empty());
}

}  // namespace
}  // namespace deadair::planner
