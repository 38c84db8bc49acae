#include "prober/hold/holder.hpp"

#include <gtest/gtest.h>

#include <map>

#include "prober/hold/verdict.hpp"

namespace deadair::hold {
namespace {

using namespace std::chrono_literals;

constexpr path over_tls{address_family::ipv4, 7443, transport::tls};

plan ordinary()
{
    return {.paths = {over_tls},
            .directions = {direction::to_client, direction::to_server},
            .connections = 20,
            .unprotected = 2,
            .idle_timeout = 10s,
            .idle_reconnect = std::nullopt,
            .until = 60s,
            .seed = 7};
}

/// A firewall that forgets what was silent for `lifetime`; a refresh keeps what has the settings.
struct world {
    nanoseconds lifetime{10s};
    bool refreshed{true};
    nanoseconds bound{1h};    // a refresh is heeded for so long after the last message
    nanoseconds worst_use{};  // longest silence of a connection that was used all the same
    std::uint32_t replaced{};

    score live_through(const plan& wanted)
    {
        score all{wanted.idle_timeout};
        holder holds{wanted};
        for (time now{}; !holds.finished() && now < 1h;) {
            for (const auto& todo : holds.act(now)) {
                if (const auto* open = std::get_if<open_connection>(&todo))
                    holds.opened(open->connection, now);
                if (const auto* said = std::get_if<message>(&todo)) {
                    const auto result = outcome_of(*said);
                    all.add(*said, result);
                    holds.settled(*said, result, now);
                }
            }
            now = std::max(now + 1ms, holds.wake_at().value_or(now));
        }
        EXPECT_TRUE(holds.finished());
        return all;
    }

    outcome outcome_of(const message& said)
    {
        if (said.replaced) {
            ++replaced;
            return outcome::delivered;
        }
        if (!said.unprotected)
            worst_use = std::max(worst_use, said.quiet);
        const bool kept = refreshed && !said.unprotected && said.quiet < bound + lifetime;
        const bool alive = said.quiet < lifetime || kept;
        return alive ? outcome::delivered : outcome::lost;
    }
};

TEST(holder, passes_settings_that_keep_connections_alive)
{
    const auto said = judge(world{}.live_through(ordinary()));
    EXPECT_EQ(said.result, verdict::passed) << said.reason;
    EXPECT_GT(said.tried, 20U);
}

TEST(holder, says_for_how_long_it_is_proven)
{
    auto wanted = ordinary();
    wanted.patient = 2;
    const auto said = judge(world{}.live_through(wanted));
    EXPECT_EQ(said.result, verdict::passed) << said.reason;
    EXPECT_NE(said.reason.find("proven for silences of up to 59 s"), std::string::npos)
        << said.reason;
}

// As a middlebox does that heeds keepalives for some time only since the last data.
TEST(holder, fails_settings_that_are_heeded_for_a_while_only)
{
    auto wanted = ordinary();
    EXPECT_EQ(judge(world{.bound = 40s}.live_through(wanted)).result, verdict::passed)
        << "nobody is silent for so long";
    wanted.patient = 2;
    EXPECT_EQ(judge(world{.bound = 40s}.live_through(wanted)).result, verdict::failed);
}

TEST(holder, fails_settings_that_do_not)
{
    const auto said = judge(world{.refreshed = false}.live_through(ordinary()));
    EXPECT_EQ(said.result, verdict::failed) << said.reason;
}

TEST(holder, says_no_more_in_a_day_than_its_silences_allow)
{
    auto wanted = ordinary();
    wanted.until = 24h;
    world day;
    std::uint32_t said = 0;
    holder holds{wanted};
    for (time now{}; !holds.finished() && now < 48h;) {
        for (const auto& todo : holds.act(now)) {
            if (const auto* open = std::get_if<open_connection>(&todo))
                holds.opened(open->connection, now);
            if (const auto* message_now = std::get_if<message>(&todo)) {
                ++said;
                holds.settled(*message_now, day.outcome_of(*message_now), now);
            }
        }
        now = std::max(now + 1ms, holds.wake_at().value_or(now));
    }
    EXPECT_TRUE(holds.finished());
    // A silence is at least T/2: 20 connections and 4 controls.
    EXPECT_LT(said, 24 * (24h / 5s));
    EXPECT_GT(said, 20 * (24h / 20s) / 2);
}

TEST(holder, replaces_what_has_settings_before_it_is_too_old)
{
    auto wanted = ordinary();
    wanted.max_age = 12s;
    holder holds{wanted};
    std::map<std::uint32_t, time> opened;
    for (time now{}; !holds.finished() && now < 1h; now += 100ms)
        for (const auto& todo : holds.act(now)) {
            if (const auto* open = std::get_if<open_connection>(&todo)) {
                opened[open->connection] = now;
                holds.opened(open->connection, now);
            } else if (const auto* said = std::get_if<message>(&todo)) {
                EXPECT_TRUE(said->unprotected || now - opened[said->connection] <= 12s + 100ms);
                holds.settled(*said, outcome::delivered, now);
            }
        }
    EXPECT_TRUE(holds.finished());
    EXPECT_GT(opened.size(), 50U);
}

TEST(holder, says_that_nothing_is_proven_where_controls_survive)
{
    const auto said = judge(world{.lifetime = 1h}.live_through(ordinary()));
    EXPECT_EQ(said.result, verdict::inconclusive) << said.reason;
}

TEST(holder, replaces_what_was_idle_for_too_long_before_the_client_speaks)
{
    auto wanted = ordinary();
    wanted.directions = {direction::to_server};
    wanted.idle_reconnect = 9s;
    world without_refresh{.refreshed = false};
    const auto said = judge(without_refresh.live_through(wanted));
    EXPECT_EQ(said.result, verdict::passed) << said.reason;
    EXPECT_GT(without_refresh.replaced, 10U);
    EXPECT_LE(without_refresh.worst_use, 9s);
}

TEST(holder, fails_a_reconnect_that_comes_after_the_idle_timeout)
{
    auto wanted = ordinary();
    wanted.directions = {direction::to_server};
    wanted.idle_reconnect = 15s;
    EXPECT_EQ(judge(world{.refreshed = false}.live_through(wanted)).result, verdict::failed);
}

TEST(holder, cannot_replace_what_the_server_speaks_on)
{
    auto wanted = ordinary();
    wanted.directions = {direction::to_client};
    wanted.idle_reconnect = 9s;
    EXPECT_EQ(judge(world{.refreshed = false}.live_through(wanted)).result, verdict::failed);
}

TEST(holder, says_the_same_with_the_same_seed)
{
    holder first{ordinary()};
    holder second{ordinary()};
    for (auto* each : {&first, &second}) {
        for (const auto& todo : each->act(20s))
            if (const auto* open = std::get_if<open_connection>(&todo))
                each->opened(open->connection, 20s);
    }
    EXPECT_EQ(first.wake_at(), second.wake_at());
}

TEST(holder, says_nothing_during_an_outage)
{
    holder holds{ordinary()};
    for (const auto& todo : holds.act(5s))
        if (const auto* open = std::get_if<open_connection>(&todo))
            holds.opened(open->connection, 5s);
    holds.outage(true);
    EXPECT_TRUE(holds.act(50s).empty());
    holds.outage(false);
    EXPECT_FALSE(holds.act(50s).empty());
}

TEST(holder, tries_a_failed_opening_again_later_each_time)
{
    auto wanted = ordinary();
    wanted.until.reset();
    wanted.connections = 1;
    wanted.unprotected = 0;
    holder holds{wanted};
    time at{};
    std::vector<nanoseconds> pauses;
    for (int each = 0; each < 9; ++each) {
        const auto todo = holds.act(at);
        ASSERT_EQ(todo.size(), 1U);
        holds.open_failed(std::get<open_connection>(todo.front()).connection, at);
        pauses.push_back(*holds.wake_at() - at);
        at = *holds.wake_at();
    }
    EXPECT_EQ(pauses.front(), 1s);
    EXPECT_EQ(pauses.back(), 64s);
}

}  // namespace
}  // namespace deadair::hold
