// What strangers, and friends who have become none, can make the server do.
#include <algorithm>

#include "tests/unit/echo-server/server_fixture.hpp"

namespace deadair::echo_server {
namespace {

// A stranger without TLS, whose every byte counts.
class plain_stranger {
public:
    plain_stranger(boost::asio::io_context& io, const net::tcp::endpoint& to) : socket_{io}
    {
        socket_.connect(to);
        socket_.non_blocking(true);
    }
    void say(const std::string& text)
    {
        boost::system::error_code error;
        sent_ += socket_.write_some(boost::asio::buffer(text), error);
    }
    void say(const wire::buffer& frame)
    {
        say(std::string{reinterpret_cast<const char*>(frame.data()), frame.size()});
    }
    std::string hear()
    {
        std::array<char, 4096> piece{};
        boost::system::error_code error;
        std::string heard;
        while (const auto count = socket_.read_some(boost::asio::buffer(piece), error))
            heard.append(piece.data(), count);
        over_ = over_ || (error && error != boost::asio::error::would_block);
        heard_ += heard.size();
        return heard;
    }
    bool over() const { return over_; }
    std::size_t sent() const { return sent_; }
    std::size_t heard() const { return heard_; }

private:
    net::socket socket_;
    std::size_t sent_{};
    std::size_t heard_{};
    bool over_{};
};

TEST_F(a_server, never_sends_a_stranger_more_than_it_got)
{
    const std::string upgrade =
        "GET /deadair HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
    const std::string hello = [] {
        const auto frame = wire::encode(wire::hello{.unbound = true});
        return std::string{reinterpret_cast<const char*>(frame.data()), frame.size()};
    }();
    const std::string empty_join{"dA\x01\x20\0\0\0\0", 8};
    const std::string empty_hello{"dA\x01\x01\0\0\0\0", 8};
    for (const auto& text :
         {empty_join, empty_hello, upgrade + "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
          upgrade + "x\r\n\r\n", std::string{"GET / HTTP/1.1\r\n\r\n"},
          std::string{"GET /echo HTTP/1.1\r\n\r\n"}, hello, hello + hello,
          upgrade + "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + std::string(600, '\x89'),
          std::string{"d"}}) {
        plain_stranger stranger{io_, endpoint_};
        stranger.say(text);
        const auto deadline = std::chrono::steady_clock::now() + 100ms;
        while (!stranger.over() && std::chrono::steady_clock::now() < deadline) {
            io_.run_one_for(5ms);
            stranger.hear();
        }
        EXPECT_LE(stranger.heard(), stranger.sent()) << text.substr(0, 200);
    }
}

TEST_F(a_server, ends_a_stranger_that_talks_without_a_proof)
{
    plain_stranger stranger{io_, endpoint_};
    const std::string pings = [] {
        const wire::mask key{};
        const auto ping = wire::encode_websocket(wire::opcode::ping, {}, key);
        std::string one{reinterpret_cast<const char*>(ping.data()), ping.size()};
        std::string many;
        for (int i = 0; i < 100; ++i)
            many += one;
        return many;
    }();
    stranger.say(
        "GET /deadair HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    ASSERT_TRUE(until([&] {
        stranger.say(pings);
        stranger.hear();
        return stranger.over();
    }));
    // What it says after that may have arrived, but is not read.
    EXPECT_LE(server_->counts().bytes_received, 2 * wire::unauthenticated_bytes_max);
    EXPECT_EQ(server_->counts().of(farewell::broken), 1U);
}

TEST_F(a_server, refuses_a_proof_that_it_has_heard_before)
{
    // Over plain TCP, where a listener on the path can record everything.
    plain_stranger honest{io_, endpoint_};
    const wire::hello hello{.client_nonce = {}, .resume = {}, .unbound = true};
    honest.say(wire::encode(hello));
    std::string answer;
    ASSERT_TRUE(until([&] {
        answer += honest.hear();
        return answer.size() >= wire::header_size + 32;
    }));
    wire::exchange said;
    const auto body = std::as_bytes(std::span{answer}.subspan(wire::header_size));
    said.server_nonce = wire::decode<wire::challenge>(body)->server_nonce;
    const auto proof = wire::encode(wire::proof{wire::prove_client(valid_.secret, said)});
    honest.say(proof);
    ASSERT_TRUE(until([&] { return server_->sessions() == 1; }));

    plain_stranger replaying{io_, endpoint_};
    replaying.say(wire::encode(hello));
    replaying.say(proof);
    ASSERT_TRUE(until([&] {
        replaying.hear();
        return replaying.over();
    }));
    EXPECT_EQ(server_->counts().refused.at(wire::refusal::wrong_token), 1U);
    EXPECT_EQ(server_->sessions(), 1U);
}

TEST_F(a_server, refuses_a_tls_hello_that_would_take_much_memory)
{
    plain_stranger stranger{io_, endpoint_};
    // A record of 100 bytes, in it the first of a ClientHello that announces 128 KiB.
    stranger.say(std::string{"\x16\x03\x01\x00\x64\x01\x02\x00\x00", 9} + std::string(96, 'x'));
    ASSERT_TRUE(until([&] {
        stranger.hear();
        return stranger.over();
    }));
    EXPECT_EQ(server_->counts().of(farewell::broken), 1U);
}

TEST_F(a_server, ends_the_sessions_of_a_token_that_was_revoked_and_keeps_the_others)
{
    const wire::token other{.name = "other", .secret = wire::buffer(wire::token_size)};
    server_->replace_tokens({valid_, other});
    client control;
    connect(control, transport::tls);
    ASSERT_TRUE(log_in(control));
    client member;
    connect(member, transport::tcp);
    member.channel->send(
        wire::encode(wire::join{.admission = tickets(control, 1).at(0), .connection = 1}));
    ASSERT_TRUE(next<wire::joined>(member));

    server_->replace_tokens({other, valid_});
    EXPECT_EQ(server_->sessions(), 1U);
    server_->replace_tokens({other});
    EXPECT_EQ(server_->sessions(), 0U);  // none that could be resumed or joined
    EXPECT_TRUE(until([&] { return control.over && member.over; }));
    EXPECT_EQ(server_->counts().of(farewell::revoked), 1U);
    client again;
    connect(again, transport::tls);
    EXPECT_FALSE(log_in(again));
}

TEST_F(a_server, ends_a_connection_that_sends_more_than_its_session_may)
{
    client control;
    connect(control, transport::tls);
    ASSERT_TRUE(log_in(control));
    const auto heartbeat = wire::encode(wire::heartbeat{});
    std::size_t said = 0;
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(until([&] {
        while (!control.over && said < control.frames.size() + 100) {
            control.channel->send(heartbeat);
            ++said;
        }
        return control.over;
    }));
    EXPECT_EQ(server_->counts().of(farewell::over_rate), 1U);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_LE(static_cast<double>(control.frames.size()), 500 * (2 + took.count()) + 1);
}

TEST_F(a_server, does_not_read_who_does_not_read)
{
    client control;
    connect(control, transport::tls);
    ASSERT_TRUE(log_in(control));
    plain_stranger member{io_, endpoint_};
    member.say(wire::encode(wire::join{.admission = tickets(control, 1).at(0), .connection = 1}));
    ASSERT_TRUE(until([&] {
        member.hear();
        return member.heard() > 0;
    }));
    // The two kernels' buffers fill, and the rest waits at the server, which reads no more.
    control.channel->send(
        wire::encode(wire::download{.transfer = 1, .connection = 1, .size = wire::transfer_max}));
    io_.run_for(300ms);
    const auto before = server_->counts().bytes_received;
    for (int i = 0; i < 5; ++i) {
        member.say(wire::encode(wire::filler{}));
        io_.run_for(20ms);
    }
    EXPECT_EQ(server_->counts().bytes_received, before);
    EXPECT_EQ(server_->connections(), 2U);
}

}  // namespace
}  // namespace deadair::echo_server
