#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "tests/simulation/boxes.hpp"
#include "tests/simulation/simulator.hpp"

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

constexpr std::uint64_t seed = 20;

planner::plan a_plan()
{
    planner::plan wanted;
    for (const auto kind : {transport::tls, transport::wss})
        wanted.paths.push_back({.family = address_family::ipv4, .server_port = 7443, .kind = kind});
    wanted.directions = {direction::to_client, direction::to_server};
    wanted.idle_max = 2h;
    return wanted;
}

network a_network()
{
    network net;
    net.loss = 0.01;
    return net;
}

struct result {
    record took;
    std::vector<finding> findings;
};

result measured(middlebox& box, const network& net = a_network(),
                const planner::plan& wanted = a_plan())
{
    auto took = run(wanted, box, net, seed);
    auto findings = estimate::estimate(took.seen, {.packet_loss = net.loss});
    return {std::move(took), std::move(findings)};
}

// The plain firewall.
result measured(const idle_timer::settings& how, const network& net = a_network(),
                const planner::plan& wanted = a_plan())
{
    idle_timer box{how};
    return measured(box, net, wanted);
}

bool holds(const finding& found, nanoseconds truth)
{
    return found.low && found.high && *found.low <= truth && truth <= *found.high;
}

void expect_sharp(const result& got, nanoseconds truth)
{
    ASSERT_TRUE(got.took.finished);
    ASSERT_EQ(got.findings.size(), 4U);
    for (const auto& each : got.findings) {
        EXPECT_EQ(each.kind, finding_kind::timeout) << describe(each.where) << each.note;
        EXPECT_TRUE(holds(each, truth)) << describe(each.where);
        EXPECT_LE(each.high.value_or(24h) - each.low.value_or(0ns),
                  std::max<nanoseconds>(503ms, truth / 1000 + 3ms));
    }
}

class a_run : public ::testing::Test {
protected:
    void TearDown() override
    {
        if (HasFailure())
            std::cout << "seed " << seed << "\n";
    }
};

}  // namespace

TEST_F(a_run, finds_a_sharp_timeout_in_about_that_time)
{
    for (const auto truth : {7s, 20s, 61s, 240s, 350s, 900s, 3600s, 7000s}) {
        const auto got = measured({.idle_timeout = truth});
        expect_sharp(got, truth);
        EXPECT_LT(got.took.ended_at, nanoseconds{truth} * 12 / 10 + 15s);
        EXPECT_LE(got.took.most_open, 128U);
    }
}

TEST_F(a_run, says_what_was_survived_when_nothing_expires_in_range)
{
    auto wanted = a_plan();
    wanted.idle_max = 60s;
    const auto got = measured({.idle_timeout = 2h}, a_network(), wanted);
    ASSERT_TRUE(got.took.finished);
    ASSERT_EQ(got.findings.size(), 4U);
    for (const auto& each : got.findings) {
        EXPECT_EQ(each.kind, finding_kind::none);
        EXPECT_GE(each.low.value_or(0ns), 56s);
    }
    EXPECT_LT(got.took.ended_at, 80s);
}

TEST_F(a_run, tells_resets_and_closes_from_silence)
{
    for (const auto& [then, died] : {std::pair{at_expiry::resets, estimate::expiry::reset},
                                     std::pair{at_expiry::closes, estimate::expiry::closed}}) {
        const auto got = measured({.idle_timeout = 100s, .then = then});
        ASSERT_TRUE(got.took.finished);
        for (const auto& each : got.findings) {
            EXPECT_EQ(each.kind, finding_kind::timeout);
            EXPECT_LE(std::chrono::abs(each.idle_timeout.value_or(0ns) - 100s), 500ms);
            EXPECT_EQ(each.after_expiry, died);
        }
    }
}

TEST_F(a_run, follows_a_direction_that_outlives_the_other_to_three_times_its_timeout)
{
    const auto got = measured({.idle_timeout = 100s, .loose = true});
    ASSERT_TRUE(got.took.finished);
    for (const auto& each : got.findings)
        if (each.where.way == direction::to_client) {
            EXPECT_EQ(each.kind, finding_kind::timeout);
            EXPECT_TRUE(holds(each, 100s));
        } else {
            EXPECT_EQ(each.kind, finding_kind::none);
            EXPECT_GE(each.low.value_or(0ns), 280s);
        }
    EXPECT_LT(got.took.ended_at, 450s);
}

TEST_F(a_run, measures_directions_that_differ_each_on_its_own)
{
    const auto got = measured({.idle_timeout = 200s, .to_client_timeout = 120s});
    ASSERT_TRUE(got.took.finished);
    for (const auto& each : got.findings) {
        EXPECT_EQ(each.kind, finding_kind::timeout) << each.note;
        EXPECT_TRUE(holds(each, each.where.way == direction::to_client ? 120s : 200s))
            << describe(each.where);
    }
}

TEST_F(a_run, holds_through_outages)
{
    auto net = a_network();
    for (const auto from : {30s, 90s, 200s, 298s, 301s, 330s})
        net.outages.push_back({from, from + 10s});
    expect_sharp(measured({.idle_timeout = 300s}, net), 300s);
}

TEST_F(a_run, is_not_misled_by_bursts_that_nobody_notices)
{
    auto net = a_network();
    for (auto from = 20s; from < 300s; from += 10s)
        net.outages.push_back({from, from + 400ms});
    expect_sharp(measured({.idle_timeout = 240s}, net), 240s);
}

TEST_F(a_run, starts_afresh_when_the_server_restarts)
{
    auto net = a_network();
    net.server_restart = 50s;
    const auto got = measured({.idle_timeout = 90s}, net);
    expect_sharp(got, 90s);
    EXPECT_LT(got.took.ended_at, 180s);
}

// The table is as full: with sanitizers all the connections and ages would take minutes.
planner::plan a_small_plan()
{
    auto wanted = a_plan();
    wanted.connections = 64;
    wanted.idle_max = 20min;
    return wanted;
}

TEST_F(a_run, never_takes_room_for_so_many_for_a_timeout)
{
    for (const std::uint32_t capacity : {10U, 20U, 30U, 45U, 60U}) {
        full_table box{{.idle_timeout = 20min}, capacity};
        const auto got = measured(box, a_network(), a_small_plan());
        EXPECT_TRUE(got.took.finished);
        for (const auto& each : got.findings)
            EXPECT_NE(each.kind, finding_kind::timeout)
                << describe(each.where) << " capacity " << capacity;
    }
}

TEST_F(a_run, voids_what_it_cannot_vouch_for_after_the_host_slept)
{
    auto net = a_network();
    net.suspended_at = 70s;
    const auto got = measured({.idle_timeout = 90s}, net);
    expect_sharp(got, 90s);
    EXPECT_LT(got.took.ended_at, 200s);
}

TEST_F(a_run, names_the_source_ports_of_a_mixture)
{
    const auto box = mixture(300s, 120s, balancer::by_port())();
    const auto got = measured(*box);
    ASSERT_TRUE(got.took.finished);
    ASSERT_EQ(got.findings.size(), 8U);
    for (std::size_t i = 0; i < got.findings.size(); ++i) {
        const auto& each = got.findings[i];
        EXPECT_EQ(each.kind, finding_kind::mixture);
        EXPECT_LE(each.low.value_or(24h), i % 2 == 0 ? 120s : 300s);
        EXPECT_NE(each.note.find("odd source ports have the shorter one"), std::string::npos)
            << each.note;
    }
}

TEST_F(a_run, counts_from_the_data_that_renews_where_only_one_way_does)
{
    for (const auto way : {direction::to_server, direction::to_client}) {
        one_way_timer box{{.idle_timeout = 300s},
                          way == direction::to_server ? side::inside : side::outside};
        const auto got = measured(box);
        ASSERT_TRUE(got.took.finished);
        for (const auto& each : got.findings) {
            EXPECT_EQ(each.kind, finding_kind::timeout) << describe(each.where);
            EXPECT_TRUE(holds(each, 300s)) << describe(each.where);
            EXPECT_NE(each.note.find("does not renew"), std::string::npos) << each.note;
        }
    }
}

TEST_F(a_run, is_not_misled_by_a_session_age_far_beyond_the_timeout)
{
    chain box{std::make_unique<idle_timer>(idle_timer::settings{.idle_timeout = 60s}),
              std::make_unique<session_age>(10min)};
    expect_sharp(measured(box), 60s);
}

TEST_F(a_run, calls_coarse_timers_a_spread)
{
    coarse_timer box{{.idle_timeout = 300s}, 60s};
    const auto got = measured(box);
    const auto spread = std::ranges::count(got.findings, finding_kind::spread, &finding::kind);
    EXPECT_GE(spread, 1);
}

// Connections are closed on either side of an age that others survive: no evidence is ever in
// peace with the rest. deadair-evaluation tries many more.
TEST_F(a_run, ends_however_the_expiry_jitters)
{
    auto wanted = a_plan();
    wanted.idle_min = 1s;
    wanted.connections = 32;
    for (const auto then : {at_expiry::drops, at_expiry::resets, at_expiry::closes})
        for (const auto jitter : {1ms, 30ms, 120ms, 300ms, 1000ms})
            for (const auto kept : {0.0, 0.1}) {
                const auto jittery = [&](nanoseconds timeout) {
                    return std::make_unique<jittery_timer>(
                        idle_timer::settings{.idle_timeout = timeout, .then = then}, jitter);
                };
                balancer box{jittery(5s), jittery(10s), balancer::by_chance(kept)};
                const auto got = measured(box, a_network(), wanted);
                EXPECT_TRUE(got.took.finished) << jitter.count();
                EXPECT_LT(got.took.ended_at, 5 * (kept > 0 ? 10s : 5s) + 120s) << jitter.count();
                for (const auto& each : got.findings)
                    EXPECT_LE(each.low.value_or(0ns), (kept > 0 ? 10s : 5s) + jitter);
            }
}

TEST_F(a_run, waits_for_a_network_that_is_gone_just_after_the_start)
{
    auto net = a_network();
    net.outages.push_back({1s, 1h});
    const auto got = measured({.idle_timeout = 60s}, net);
    expect_sharp(got, 60s);
    EXPECT_LT(got.took.ended_at, 1h + 90s);
}

TEST_F(a_run, cut_short_anywhere_is_wider_but_true)
{
    const auto whole = measured({.idle_timeout = 120s});
    for (std::size_t kept = 1; kept < whole.took.seen.size(); kept += 7) {
        const std::span seen{whole.took.seen.data(), kept};
        for (const auto& each : estimate::estimate(seen, {.packet_loss = 0.01})) {
            EXPECT_LE(each.low.value_or(0ns), 120s);
            EXPECT_GE(each.high.value_or(24h), 120s);
        }
    }
}

}  // namespace deadair::simulation
