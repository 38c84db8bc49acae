// All parts of a run: the search, refreshed connections, busy connections.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "analysis/recommend/recommend.hpp"
#include "tests/simulation/boxes.hpp"
#include "tests/simulation/simulator.hpp"

namespace deadair::simulation {
namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

constexpr std::uint64_t seed = 21;

planner::wanted_of_run everything()
{
    planner::wanted_of_run wanted;
    for (const auto kind : {transport::tls, transport::wss})
        wanted.search.paths.push_back(
            {.family = address_family::ipv4, .server_port = 7443, .kind = kind});
    wanted.search.directions = {direction::to_client, direction::to_server};
    wanted.refreshes = {{refresh::tcp_keepalive, refresh_side::client},
                        {refresh::ws_ping, refresh_side::client},
                        {refresh::data, refresh_side::client}};
    return wanted;
}

network a_network()
{
    network net;
    net.loss = 0.01;
    return net;
}

std::vector<finding> found_behind(middlebox& box)
{
    const auto net = a_network();
    const auto took = run(everything(), box, net, seed);
    EXPECT_TRUE(took.finished) << took.failure;
    return estimate::estimate(took.seen, {.packet_loss = net.loss});
}

// Those of strata that were refreshed like this.
std::vector<finding> refreshed_by(const std::vector<finding>& all, refresh by)
{
    std::vector<finding> found;
    std::ranges::copy_if(all, std::back_inserter(found), [&](const finding& each) {
        return each.where.how.by == by && each.where.how.from == refresh_side::client;
    });
    return found;
}

TEST(a_whole_run, finds_the_timeout_and_that_each_refresh_counts)
{
    idle_timer box{{.idle_timeout = 100s}};
    const auto all = found_behind(box);
    for (const auto& each : all)
        if (each.where.how.by == refresh::none) {
            EXPECT_EQ(each.kind, finding_kind::timeout) << describe(each.where);
            EXPECT_LE(each.low.value_or(0s), 100s);
            EXPECT_GE(each.high.value_or(0s), 100s);
        }
    for (const auto by : {refresh::tcp_keepalive, refresh::ws_ping, refresh::data}) {
        const auto kept = refreshed_by(all, by);
        EXPECT_EQ(kept.size(), by == refresh::ws_ping ? 2U : 4U) << to_string(by);
        for (const auto& each : kept)
            EXPECT_EQ(each.kind, finding_kind::none) << describe(each.where) << each.note;
    }
}

TEST(a_whole_run, tells_that_keepalives_do_not_count_where_only_data_does)
{
    keepalive_blind box{{.idle_timeout = 100s}};
    const auto all = found_behind(box);
    for (const auto& each : refreshed_by(all, refresh::tcp_keepalive))
        EXPECT_EQ(each.kind, finding_kind::timeout) << describe(each.where) << each.note;
    for (const auto& each : refreshed_by(all, refresh::data))
        EXPECT_EQ(each.kind, finding_kind::none) << describe(each.where) << each.note;
}

TEST(a_whole_run, leaves_out_a_direction_for_which_nobody_can_vouch)
{
    idle_timer box{{.idle_timeout = 60s}};
    auto net = a_network();
    net.server_keeps_quiet = true;
    const auto took = run(everything(), box, net, seed);
    EXPECT_TRUE(took.finished) << took.failure;
    for (const auto& each : estimate::estimate(took.seen, {.packet_loss = 0.01})) {
        if (each.where.how.by != refresh::none)
            continue;
        const bool told = each.where.way == direction::to_server;
        EXPECT_EQ(each.kind, told ? finding_kind::timeout : finding_kind::inconclusive);
        EXPECT_TRUE(told ? each.low <= 60s && each.high >= 60s
                         : each.note.starts_with("no probe tells anything"))
            << describe(each.where) << each.note;
    }
}

// Some 7 of 120 connections, of which a search asks but a few at an age between the two.
TEST(a_whole_run, builds_nothing_unmarked_on_a_timeout_that_a_few_connections_do_not_reach)
{
    for (const std::uint64_t other : {1U, 2U, 3U, 4U}) {
        const auto box = mixture(60s, 30s, balancer::by_chance(0.06))();
        const auto took = run(everything(), *box, a_network(), other);
        EXPECT_TRUE(took.finished) << took.failure;
        EXPECT_LT(took.ended_at, 4 * 60s + 60s);
        const auto found = estimate::estimate(took.seen, {.packet_loss = 0.01});
        for (const auto& each : recommend::recommend(found, {.round_trip = 50ms}))
            if (each.setting == recommend::setting_name::idle_reconnect && !each.low_confidence) {
                EXPECT_LT(each.value.value_or(0), 30) << "seed " << other;
            }
    }
}

TEST(a_whole_run, asks_again_with_few_connections_where_there_is_no_room_for_more)
{
    full_table box{{.idle_timeout = 30s}, 45};
    const auto took = run(everything(), box, a_network(), seed);
    EXPECT_TRUE(took.finished) << took.failure;
    EXPECT_LT(took.ended_at, 4 * 30s + 60s);
    for (const auto& each : estimate::estimate(took.seen, {.packet_loss = 0.01}))
        if (each.where.how.by == refresh::none) {
            EXPECT_EQ(each.why, estimate::explanation::room) << each.note;
            EXPECT_GT(each.low.value_or(0s), 28s) << each.note;
            EXPECT_LE(each.low.value_or(0s), 30s) << each.note;
            EXPECT_LE(each.crowd.value_or(100), 45U);
        }
}

TEST(a_whole_run, asks_a_sample_of_new_connections_in_the_time_that_refreshes_take)
{
    idle_timer box{{.idle_timeout = 60s}};
    const auto took = run(everything(), box, a_network(), seed);
    std::set<std::uint32_t> lived;
    for (const auto& each : took.seen)
        if (each.where.how.by == refresh::none && each.result == outcome::delivered &&
            each.idle_age > 53s)
            lived.insert(each.connection_id);
    EXPECT_GE(lived.size(), 100U);
    EXPECT_LT(took.ended_at, 3 * 60s);
}

TEST(a_whole_run, finds_an_age_at_which_busy_connections_are_cut)
{
    chain box{std::make_unique<idle_timer>(idle_timer::settings{.idle_timeout = 20s}),
              std::make_unique<session_age>(40s)};
    const auto all = found_behind(box);
    const auto age = std::ranges::find(all, finding_kind::absolute_age, &finding::kind);
    ASSERT_NE(age, all.end());
    EXPECT_LE(age->low.value_or(0s), 40s);
    EXPECT_GE(age->high.value_or(0s), 40s);
}

}  // namespace
}  // namespace deadair::simulation
