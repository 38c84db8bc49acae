#include "prober/dialogue/websocket.hpp"

#include <gtest/gtest.h>

namespace deadair::dialogue {
namespace {

wire::bytes raw(std::string_view text)
{
    return std::as_bytes(std::span{text});
}

wire::buffer from_server(wire::opcode code, wire::bytes payload)
{
    return wire::encode_websocket(code, payload, {});
}

// The key and its answer of RFC 6455, section 1.3.
constexpr std::string_view accepted =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

class websocket_test : public ::testing::Test {
protected:
    /// The question's payload, as the server repeats it.
    wire::buffer question()
    {
        auto frame = talk.ask();
        const auto read = wire::decode_websocket(frame, wire::role::server, 125);
        EXPECT_EQ(read.value.code, wire::opcode::ping);
        const auto payload =
            std::span{frame}.subspan(read.value.payload_offset, read.value.payload_size);
        wire::apply_mask(payload, *read.value.masked_by);
        return {payload.begin(), payload.end()};
    }

    words said{.host = "a.example",
               .target = "/live",
               .agent = "deadair/1",
               .headers = {},
               .user = {},
               .password = {}};
    websocket talk{said, {.key = "dGhlIHNhbXBsZSBub25jZQ==", .mask = {}}};
};

TEST_F(websocket_test, the_upgrade_lets_us_in)
{
    const auto greeting = talk.greet();
    const std::string_view text{reinterpret_cast<const char*>(greeting.data()), greeting.size()};
    EXPECT_TRUE(text.starts_with("GET /live HTTP/1.1\r\nHost: a.example\r\n"));
    EXPECT_TRUE(text.ends_with("Sec-WebSocket-Version: 13\r\n\r\n"));
    const auto heard = talk.take(raw(accepted));
    EXPECT_EQ(heard.is, meaning::ready);
    EXPECT_EQ(heard.consumed, accepted.size());
}

TEST_F(websocket_test, only_the_pong_of_the_latest_ping_answers)
{
    talk.take(raw(accepted));
    const auto first = question();
    const auto second = question();
    EXPECT_EQ(talk.take(from_server(wire::opcode::pong, first)).is, meaning::unasked);
    EXPECT_EQ(talk.take(from_server(wire::opcode::pong, second)).is, meaning::answered);
    EXPECT_EQ(talk.take(from_server(wire::opcode::text, second)).is, meaning::unasked);
}

TEST_F(websocket_test, a_servers_ping_is_answered_and_nobody_asked_for_it)
{
    talk.take(raw(accepted));
    const auto heard = talk.take(from_server(wire::opcode::ping, raw("hi")));
    EXPECT_EQ(heard.is, meaning::unasked);
    const auto reply = wire::decode_websocket(heard.reply, wire::role::server, 125);
    EXPECT_EQ(reply.value.code, wire::opcode::pong);
    EXPECT_EQ(reply.value.payload_size, 2);
}

TEST_F(websocket_test, a_close_is_the_servers_own)
{
    talk.take(raw(accepted));
    const auto heard = talk.take(from_server(wire::opcode::close, raw("\x03\xe9")));
    EXPECT_EQ(heard.is, meaning::leaving);
    EXPECT_EQ(heard.why, "WebSocket Close 1001");
}

TEST_F(websocket_test, whoever_makes_no_websocket_is_refused)
{
    const auto refused = [&](std::string_view answer) {
        websocket fresh_talk{said, {.key = "dGhlIHNhbXBsZSBub25jZQ==", .mask = {}}};
        const auto heard = fresh_talk.take(raw(answer));
        return heard.is == meaning::refused && !heard.why.empty();
    };
    EXPECT_TRUE(refused("HTTP/1.1 200 OK\r\n\r\n"));
    EXPECT_TRUE(refused("HTTP/1.1 404 Not Found\r\n\r\n"));
    EXPECT_TRUE(refused("HTTP/1.1 401 Unauthorized\r\n\r\n"));
    EXPECT_TRUE(refused("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: other\r\n\r\n"));
    EXPECT_TRUE(refused("+PONG\r\n"));
}

TEST_F(websocket_test, a_masked_frame_of_a_server_ends_it)
{
    talk.take(raw(accepted));
    const auto heard =
        talk.take(wire::encode_websocket(wire::opcode::text, raw("x"), wire::mask{}));
    EXPECT_EQ(heard.is, meaning::leaving);
}

}  // namespace
}  // namespace deadair::dialogue
