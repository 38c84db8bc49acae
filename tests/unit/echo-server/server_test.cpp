// The server on loopback, seen by peers that speak the protocol, break it, or speak another.
#include "tests/unit/echo-server/server_fixture.hpp"

namespace deadair::echo_server {
namespace {

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
    ASSERT_TRUE(until([&] { return server_->counts().of(farewell::address_limit) == 4; }));
    EXPECT_EQ(server_->connections(), 8U);
    strangers.clear();
    ASSERT_TRUE(until([&] { return server_->connections() == 0; }));
    client control;
    connect(control, transport::tls);
    EXPECT_TRUE(log_in(control));
}

}  // namespace
}  // namespace deadair::echo_server
