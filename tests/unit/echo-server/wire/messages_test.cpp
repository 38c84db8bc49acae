#include "echo-server/wire/messages.hpp"

#include <gtest/gtest.h>

#include "echo-server/wire/limits.hpp"

namespace deadair::wire {
namespace {

template <class Message>
Message there_and_back(const Message& message)
{
    const auto whole = encode(message);
    const auto seen = decode_frame(whole, body_max);
    EXPECT_EQ(seen.error, frame_error::none);
    EXPECT_EQ(seen.value.type, Message::type);
    const auto again = decode<Message>(seen.value.body);
    EXPECT_TRUE(again.has_value());
    return again.value_or(Message{});
}

TEST(messages, carry_times_and_the_kernel_s_figures)
{
    const auto again = there_and_back(spoke{
        .probe = 7,
        .connection = 9,
        .cause = end_cause::reset,
        .at = std::chrono::hours{30},
        .before = {.segments_in = 1, .segments_out = 2, .since_ack_received_ms = 86'400'000}});
    EXPECT_EQ(again.probe, 7U);
    EXPECT_EQ(again.connection, 9U);
    EXPECT_EQ(again.cause, end_cause::reset);
    EXPECT_EQ(again.at, std::chrono::hours{30});
    EXPECT_EQ(again.before.segments_out, 2U);
    EXPECT_EQ(again.before.since_ack_received_ms, 86'400'000U);
}

TEST(messages, carry_any_number_of_tickets_up_to_the_bound)
{
    tickets many;
    many.values.resize(tickets_max);
    many.values.back().fill(std::byte{0xab});
    const auto again = there_and_back(many);
    ASSERT_EQ(again.values.size(), many.values.size());
    EXPECT_EQ(again.values.back(), many.values.back());
    many.values.emplace_back();
    EXPECT_FALSE(decode<tickets>(bytes{encode(many)}.subspan(header_size)).has_value());
}

TEST(messages, too_short_or_too_long_are_refused)
{
    auto whole = encode(probe{5});
    EXPECT_FALSE(decode<probe>(bytes{whole}.subspan(header_size).first(3)).has_value());
    whole.push_back(std::byte{});
    EXPECT_FALSE(decode<probe>(bytes{whole}.subspan(header_size)).has_value());
}

TEST(messages, the_answer_to_a_stranger_is_never_longer_than_the_question)
{
    EXPECT_LE(encode(challenge{}).size(), encode(hello{}).size());
    EXPECT_LE(encode(refused{}).size(), encode(hello{}).size());
    EXPECT_LE(encode(refused{}).size(), encode(join{}).size());
    EXPECT_LE(encode(refused{}).size(), encode(proof{}).size());
}

TEST(messages, an_unknown_end_is_not_taken_for_a_known_one)
{
    auto whole = encode(ended{.connection = 1, .cause = end_cause::reset, .at = {}, .last = {}});
    whole[header_size + 4] = std::byte{99};
    const auto again = decode<ended>(bytes{whole}.subspan(header_size));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->cause, end_cause::nothing);
}

}  // namespace
}  // namespace deadair::wire
