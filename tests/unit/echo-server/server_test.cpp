// The server on loopback, seen by peers that speak the protocol, break it, or speak another.
#include "echo-server/server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "echo-server/identity.hpp"
#include "echo-server/transport/pin.hpp"
#include "echo-server/transport/token_file.hpp"

namespace deadair::echo_server {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;

const std::string secret_hex(64, '7');

class temporary_directory {
public:
    temporary_directory()
    {
        std::string pattern = testing::TempDir() + "deadair-XXXXXX";
        path_ = mkdtemp(pattern.data());
    }
    ~temporary_directory() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A client's end that remembers what it was told.
class client final : public net::channel_events {
public:
    std::shared_ptr<net::channel> channel;
    std::vector<std::pair<wire::frame_type, wire::buffer>> frames;
    bool open{};
    bool over{};
    wire::end_cause cause{};

    void on_open() override
    {
        open = true;
        channel->accept_bodies_up_to(wire::body_max);
    }
    void on_frame(const wire::frame& seen) override
    {
        frames.emplace_back(seen.type, wire::buffer{seen.body.begin(), seen.body.end()});
    }
    void on_end(wire::end_cause how, const std::string&) override
    {
        over = true;
        cause = how;
    }
    ~client() override
    {
        if (channel)
            channel->close();
    }
};

class a_server : public testing::Test {
protected:
    a_server()
    {
        const auto own = load_or_make_identity(directory_.path());
        trust_.pin = net::pin_of(own.certificate.get());
        client_context_ = net::make_client_context(trust_);
        server_limits limits;
        limits.unauthenticated_per_address = 8;
        limits.connections_per_session = 3;
        server_.emplace(io_, net::make_server_context(own.certificate.get(), own.key.get()),
                        std::vector{wire::token{"test", *wire::parse_secret(secret_hex)}}, limits,
                        log_);
        endpoint_ = server_->listen({make_address("127.0.0.1"), 0});
    }

    // Runs the loop until it is so; a test that waits in vain fails after a while.
    template <class Condition>
    bool until(Condition holds)
    {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (!holds() && std::chrono::steady_clock::now() < deadline)
            io_.run_one_for(50ms);
        return holds();
    }

    void connect(client& who, transport kind)
    {
        who.channel = net::channel::connect(
            io_.get_executor(), endpoint_,
            {.kind = kind, .host = "127.0.0.1", .context = client_context_.get(), .whom = &trust_},
            who);
        ASSERT_TRUE(until([&] { return who.open || who.over; }));
        ASSERT_TRUE(who.open);
    }

    template <class Message>
    std::optional<Message> next(client& who)
    {
        if (!until([&] { return !who.frames.empty() || who.over; }) || who.frames.empty())
            return std::nullopt;
        const auto [type, body] = who.frames.front();
        who.frames.erase(who.frames.begin());
        return type == Message::type ? wire::decode<Message>(body) : std::nullopt;
    }

    std::optional<wire::welcome> log_in(client& who, const wire::session_id& resume = {})
    {
        wire::exchange said;
        said.client_nonce.fill(std::byte{1});
        said.binding = net::binding_of(who.channel->ssl());
        who.channel->send(
            wire::encode(wire::hello{.client_nonce = said.client_nonce, .resume = resume}));
        const auto challenge = next<wire::challenge>(who);
        if (!challenge)
            return std::nullopt;
        said.server_nonce = challenge->server_nonce;
        const auto secret = *wire::parse_secret(secret_hex);
        who.channel->send(wire::encode(wire::proof{wire::prove_client(secret, said)}));
        const auto welcome = next<wire::welcome>(who);
        if (!welcome || !wire::same(welcome->server, wire::prove_server(secret, said)))
            return std::nullopt;
        return welcome;
    }

    std::vector<wire::ticket> tickets(client& control, std::uint16_t count)
    {
        control.channel->send(wire::encode(wire::ticket_request{count}));
        const auto said = next<wire::tickets>(control);
        return said ? said->values : std::vector<wire::ticket>{};
    }

    boost::asio::io_context io_;
    log log_{log_level::error};
    temporary_directory directory_;
    net::trust trust_;
    net::tls_context client_context_;
    std::optional<server> server_;
    net::tcp::endpoint endpoint_;
};

TEST_F(a_server, speaks_on_a_connection_of_each_transport_when_told)
{
    client control;
    connect(control, transport::wss);
    ASSERT_TRUE(log_in(control));
    std::uint32_t number = 1;
    for (const auto kind : {transport::tcp, transport::tls, transport::ws, transport::wss}) {
        client member;
        connect(member, kind);
        member.channel->send(
            wire::encode(wire::join{.admission = tickets(control, 1).at(0), .connection = number}));
        ASSERT_TRUE(next<wire::joined>(member)) << to_string(kind);
        control.channel->send(
            wire::encode(wire::speak{.probe = 70 + number, .connection = number}));
        const auto spoke = next<wire::spoke>(control);
        ASSERT_TRUE(spoke);
        EXPECT_EQ(spoke->cause, wire::end_cause::nothing);
        EXPECT_EQ(spoke->before.unacknowledged, 0U);
        const auto probe = next<wire::probe>(member);
        ASSERT_TRUE(probe) << to_string(kind);
        EXPECT_EQ(probe->probe_number, 70 + number);

        member.channel->send(wire::encode(wire::probe{90 + number}));
        const auto received = next<wire::received>(control);
        ASSERT_TRUE(received) << to_string(kind);
        EXPECT_EQ(received->probe, 90 + number);

        member.channel->abort();
        const auto ended = next<wire::ended>(control);
        ASSERT_TRUE(ended) << to_string(kind);
        EXPECT_EQ(ended->cause, wire::end_cause::reset) << to_string(kind);
        ++number;
    }
}

TEST_F(a_server, refuses_a_ticket_that_was_used_before)
{
    client control;
    connect(control, transport::tls);
    ASSERT_TRUE(log_in(control));
    const auto ticket = tickets(control, 1).at(0);
    client first;
    connect(first, transport::tcp);
    first.channel->send(wire::encode(wire::join{.admission = ticket, .connection = 1}));
    ASSERT_TRUE(next<wire::joined>(first));
    client second;
    connect(second, transport::tcp);
    second.channel->send(wire::encode(wire::join{.admission = ticket, .connection = 2}));
    const auto refused = next<wire::refused>(second);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->why, wire::refusal::unknown_ticket);
    EXPECT_TRUE(until([&] { return second.over; }));
}

TEST_F(a_server, holds_a_session_to_its_connections)
{
    client control;
    connect(control, transport::tls);
    const auto welcome = log_in(control);
    ASSERT_TRUE(welcome);
    EXPECT_EQ(welcome->connections_max, 3U);
    const auto admissions = tickets(control, 4);
    std::vector<std::unique_ptr<client>> members;
    for (std::uint32_t number = 1; number <= 4; ++number) {
        members.push_back(std::make_unique<client>());
        connect(*members.back(), transport::tcp);
        members.back()->channel->send(
            wire::encode(wire::join{.admission = admissions.at(number - 1), .connection = number}));
        if (number <= 3) {
            ASSERT_TRUE(next<wire::joined>(*members.back()));
        }
    }
    const auto refused = next<wire::refused>(*members.back());
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->why, wire::refusal::too_many_connections);
}

TEST_F(a_server, refuses_a_wrong_token)
{
    client stranger;
    connect(stranger, transport::wss);
    stranger.channel->send(wire::encode(wire::hello{}));
    ASSERT_TRUE(next<wire::challenge>(stranger));
    stranger.channel->send(wire::encode(wire::proof{}));
    const auto refused = next<wire::refused>(stranger);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->why, wire::refusal::wrong_token);
    EXPECT_EQ(server_->sessions(), 0U);
}

TEST_F(a_server, refuses_a_proof_that_was_made_for_another_channel)
{
    client stranger;
    connect(stranger, transport::tls);
    wire::exchange said;  // the right token, but bound to no channel
    stranger.channel->send(wire::encode(wire::hello{}));
    const auto challenge = next<wire::challenge>(stranger);
    ASSERT_TRUE(challenge);
    said.server_nonce = challenge->server_nonce;
    stranger.channel->send(
        wire::encode(wire::proof{wire::prove_client(*wire::parse_secret(secret_hex), said)}));
    const auto refused = next<wire::refused>(stranger);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->why, wire::refusal::wrong_token);
}

TEST_F(a_server, takes_a_session_up_again_with_its_connections)
{
    auto control = std::make_unique<client>();
    connect(*control, transport::tls);
    const auto begun = log_in(*control);
    ASSERT_TRUE(begun);
    EXPECT_FALSE(begun->resumed);
    client member;
    connect(member, transport::tcp);
    member.channel->send(
        wire::encode(wire::join{.admission = tickets(*control, 1).at(0), .connection = 1}));
    ASSERT_TRUE(next<wire::joined>(member));
    control->channel->abort();
    // What is reported while the control connection is away comes with the next one.
    member.channel->send(wire::encode(wire::probe{5}));
    ASSERT_TRUE(until([&] { return server_->counts().received == 1; }));
    client again;
    connect(again, transport::tls);
    const auto resumed = log_in(again, begun->session);
    ASSERT_TRUE(resumed);
    EXPECT_TRUE(resumed->resumed);
    const auto received = next<wire::received>(again);
    ASSERT_TRUE(received);
    EXPECT_EQ(received->probe, 5U);
}

TEST_F(a_server, drops_garbage_and_goes_on)
{
    for (const std::string& garbage :
         {std::string{"\x00\x01\x02", 3}, std::string{"dA\x01\x22\x7f\xff\xff\xff", 8},
          std::string{"dA\x09\x22\x00\x00\x00\x00", 8}, std::string{"POST / HTTP/1.1\r\n\r\n"},
          std::string{"GET / HTTP/1.1\r\n\r\n"}, std::string{"\x16\x03\x01\x00\x05hello", 10},
          std::string(100'000, 'd'), "GET " + std::string(100'000, 'x')}) {
        net::socket raw{io_};
        raw.connect(endpoint_);
        boost::system::error_code error;
        boost::asio::write(raw, boost::asio::buffer(garbage), error);
        ASSERT_TRUE(until([&] { return server_->connections() == 0; })) << garbage.substr(0, 10);
    }
    client control;
    connect(control, transport::wss);
    EXPECT_TRUE(log_in(control));
}

TEST_F(a_server, lets_only_so_many_strangers_in_from_one_address)
{
    std::vector<net::socket> strangers;
    for (int i = 0; i < 12; ++i) {
        strangers.emplace_back(io_);
        strangers.back().connect(endpoint_);
    }
    ASSERT_TRUE(until([&] { return server_->counts().refused_at_door == 4; }));
    EXPECT_EQ(server_->connections(), 8U);
    strangers.clear();
    ASSERT_TRUE(until([&] { return server_->connections() == 0; }));
    client control;
    connect(control, transport::tls);
    EXPECT_TRUE(log_in(control));
}

}  // namespace
}  // namespace deadair::echo_server
