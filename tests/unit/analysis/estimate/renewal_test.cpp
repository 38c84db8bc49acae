#include "analysis/estimate/renewal.hpp"

#include <gtest/gtest.h>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

observation asked(std::uint32_t connection, direction way, nanoseconds age, nanoseconds idle,
                  outcome result)
{
    observation one;
    one.where.way = way;
    one.connection_id = connection;
    one.connection_age = age;
    one.idle_age = idle;
    one.result = result;
    one.unanswered = result == outcome::lost ? 4 : 0;
    return one;
}

std::vector<nanoseconds> ages_of(const std::vector<observation>& seen)
{
    std::vector<nanoseconds> all;
    for (const auto& each : seen)
        all.push_back(each.idle_age);
    return all;
}

// A connection that was opened, heard the server after 6 s, spoke itself after 10 s, and so on.
const std::vector talk{asked(1, direction::to_client, 6s, 6s, outcome::delivered),
                       asked(1, direction::to_server, 10s, 4s, outcome::delivered),
                       asked(1, direction::to_client, 17s, 7s, outcome::delivered),
                       asked(1, direction::to_server, 22s, 5s, outcome::lost)};

TEST(renewal, counts_from_what_the_client_said_last)
{
    EXPECT_EQ(ages_of(renewed_only_by(direction::to_server, talk)),
              (std::vector<nanoseconds>{6s, 10s, 7s, 12s}));
}

TEST(renewal, counts_from_what_the_server_said_last)
{
    EXPECT_EQ(ages_of(renewed_only_by(direction::to_client, talk)),
              (std::vector<nanoseconds>{6s, 4s, 11s, 5s}));
}

TEST(renewal, leaves_out_what_follows_a_doubt_on_the_same_connection)
{
    auto seen = talk;
    seen[1].result = outcome::voided;
    seen.push_back(asked(2, direction::to_client, 3s, 3s, outcome::delivered));
    EXPECT_EQ(ages_of(renewed_only_by(direction::to_server, seen)),
              (std::vector<nanoseconds>{3s, 6s}));
}

// The last packet of what it said may be the other end's acknowledgement, some time later.
TEST(renewal, begins_at_what_was_said_and_not_at_the_last_packet)
{
    auto seen = talk;
    seen[1].connection_age = 10100ms;  // the exchange before took 100 ms
    const auto counted = renewed_only_by(direction::to_client, seen);
    EXPECT_EQ(counted[1].idle_age, 4050ms);
    EXPECT_EQ(counted[1].idle_age_error, 50ms);
}

// Fresh connections survive 9 s and are gone after 10 s; those that only heard something at
// different times are gone after shorter silences.
std::vector<observation> one_way()
{
    std::vector<observation> seen;
    for (std::uint32_t i = 1; i <= 8; ++i) {
        seen.push_back(asked(i, direction::to_client, i * 1s, i * 1s, outcome::delivered));
        seen.push_back(
            asked(i, direction::to_server, 10s + i * 100ms, 10s - i * 900ms, outcome::lost));
        seen.push_back(asked(20 + i, direction::to_server, 9s + i * 100ms, 9s + i * 100ms,
                             outcome::delivered));
    }
    return seen;
}

TEST(renewal, makes_one_sharp_timeout_of_what_looks_like_a_spread)
{
    const auto found = estimate(one_way(), {});
    const auto& gone = found.back();
    EXPECT_EQ(gone.where.way, direction::to_server);
    EXPECT_EQ(gone.kind, finding_kind::timeout);
    EXPECT_EQ(gone.low, 9800ms);
    EXPECT_LE(gone.high.value_or(1h), 10800ms);
    EXPECT_NE(gone.note.find("the client's last data"), std::string::npos) << gone.note;
}

TEST(renewal, is_no_excuse_for_fresh_connections_that_contradict_each_other)
{
    auto seen = one_way();
    for (std::uint32_t i = 1; i <= 6; ++i)
        seen.push_back(asked(40 + i, direction::to_server, i * 1s, i * 1s, outcome::lost));
    EXPECT_NE(estimate(seen, {}).back().kind, finding_kind::timeout);
}

}  // namespace
}  // namespace deadair::estimate
