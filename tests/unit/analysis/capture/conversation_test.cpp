#include "analysis/capture/conversation.hpp"

#include "tests/unit/analysis/capture/a_connection.hpp"

namespace deadair::capture {
TEST_F(a_connection, whose_data_is_acknowledged_lived_that_long)
{
    hello();
    client(30s, 100);
    server(20ms, 0);
    server(45s, 80);
    client(1ms, 0);
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].result, outcome::delivered);
    EXPECT_EQ(seen[0].way, direction::to_server);
    EXPECT_EQ(seen[0].age, 30s);
    EXPECT_EQ(seen[0].round_trip, 20ms);
    EXPECT_EQ(seen[0].age_error, 40ms);
    EXPECT_EQ(seen[1].result, outcome::delivered);
    EXPECT_EQ(seen[1].way, direction::to_client);
    EXPECT_EQ(seen[1].age, 45s);
}

TEST_F(a_connection, whose_data_is_repeated_without_an_answer_was_dead_by_then)
{
    hello();
    client(60s, 100);
    for (const auto after : {200ms, 400ms, 800ms, 1600ms, 3200ms})
        client_again(after);
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].result, outcome::lost);
    EXPECT_EQ(seen[0].age, 60s);
    EXPECT_EQ(seen[0].unanswered, 6U);
}

TEST_F(a_connection, that_the_capture_leaves_too_early_proves_nothing)
{
    hello();
    client(60s, 100);
    client_again(200ms);
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].result, outcome::voided);
}

TEST_F(a_connection, loses_a_packet_and_lives)
{
    hello();
    client(60s, 100);
    client_again(200ms);
    client_again(400ms);
    server(20ms, 0);
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].result, outcome::delivered);
    EXPECT_EQ(seen[0].retransmissions, 2U);
    EXPECT_FALSE(seen[0].round_trip);
}

TEST_F(a_connection, that_a_middlebox_resets_is_told_by_the_hop_count)
{
    hello();
    client(60s, 100);
    ttl_ = 64;
    server(1ms, 0, {.reset = true, .acknowledges = true});
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].result, outcome::reset);
    EXPECT_EQ(seen[0].sent_by, "middlebox");
}

// As in a public capture of 2014, whose server had closed the connection unseen.
TEST_F(a_connection, that_the_other_end_itself_resets_is_no_evidence_against_the_path)
{
    hello();
    client(17s, 100);
    server(180ms, 0, {.reset = true});
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].result, outcome::voided);
    EXPECT_EQ(seen[0].sent_by, "server");
    EXPECT_NE(seen[0].doubt.find("the server reset it"), std::string::npos) << seen[0].doubt;
}

TEST_F(a_connection, that_its_own_end_closes_is_no_evidence)
{
    hello();
    server(75s, 0, {.fin = true, .acknowledges = true});
    client(1ms, 0);
    client(30s, 100);
    server(20ms, 0, {.reset = true});
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].result, outcome::voided);
    EXPECT_TRUE(seen[0].unprompted);
    EXPECT_EQ(seen[1].result, outcome::voided) << "it had closed before";
}

TEST_F(a_connection, answers_a_keepalive_and_lives)
{
    hello();
    keepalive(30s);
    server(20ms, 0);
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_TRUE(seen[0].keepalive);
    EXPECT_EQ(seen[0].result, outcome::delivered);
    EXPECT_EQ(seen[0].age, 30s);
}

TEST_F(a_connection, whose_keepalives_nobody_answers_was_dead_by_the_first)
{
    hello();
    for (int i = 0; i < 5; ++i)
        keepalive(i == 0 ? 30s : 2s);
    const auto seen = silences();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].result, outcome::lost);
    EXPECT_EQ(seen[0].unanswered, 5U);
}

TEST_F(a_connection, is_told_nothing_by_a_bare_acknowledgement)
{
    hello();
    client(30s, 0);
    server(30s, 0);
    EXPECT_TRUE(silences().empty());
}

TEST(a_capture, holds_a_bounded_number_of_connections)
{
    std::size_t taken = 0;
    capture all{{.of_each = {}, .open_max = 100}, [&](const conversation&) { ++taken; }};
    for (std::uint16_t port = 1; port <= 1000; ++port)
        all.on({.at = nanoseconds{port},
                .from = {.port = static_cast<std::uint16_t>(40'000 + port)},
                .to = {.port = 443},
                .flags = {.syn = true}});
    EXPECT_GE(taken, 900U);
    EXPECT_GT(all.given_up(), 0U);
    all.finish();
    EXPECT_EQ(taken, 1000U);
}

}  // namespace deadair::capture
