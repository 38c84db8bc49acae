// What is meant to keep a binding alive: asked of the server, and sent by a client itself.
#include <netinet/in.h>
#include <sys/socket.h>

#include "echo-server/transport/refreshes.hpp"
#include "echo-server/transport/socket.hpp"
#include "tests/unit/echo-server/server_fixture.hpp"

namespace deadair::echo_server {
namespace {

class a_refreshed_connection : public a_server {
protected:
    void join(client& who, transport kind)
    {
        connect(control_, transport::wss);
        ASSERT_TRUE(log_in(control_));
        connect(who, kind);
        const auto admission = tickets(control_, 1).front();
        who.channel->send(wire::encode(wire::join{.admission = admission, .connection = 7}));
        ASSERT_TRUE(next<wire::joined>(who));
    }

    void ask(refresh by, std::chrono::milliseconds every)
    {
        control_.channel->send(
            wire::encode(wire::refresh_request{.connection = 7, .by = by, .every = every}));
    }

    static bool kept_alive(client& who)
    {
        int value = 0;
        socklen_t size = sizeof value;
        ::getsockopt(who.channel->native_socket(), SOL_SOCKET, SO_KEEPALIVE, &value, &size);
        return value != 0;
    }

    void ask_within(int hops, std::chrono::milliseconds every)
    {
        control_.channel->send(wire::encode(
            wire::refresh_within{.connection = 7, .hops = std::uint8_t(hops), .every = every}));
    }

    static int reach(client& who)
    {
        int value = 0;
        socklen_t size = sizeof value;
        ::getsockopt(who.channel->native_socket(), IPPROTO_IP, IP_TTL, &value, &size);
        return value;
    }

    std::uint32_t came(client& who) { return who.channel->facts().segments_in; }

    client control_;
};

TEST_F(a_refreshed_connection, is_sent_data_by_the_server_as_often_as_asked_until_told_to_stop)
{
    client member;
    join(member, transport::tls);
    ask(refresh::data, 100ms);
    EXPECT_TRUE(next<wire::filler>(member));
    EXPECT_TRUE(next<wire::filler>(member));
    ask(refresh::none, 100ms);
    control_.channel->send(wire::encode(wire::query{7}));
    ASSERT_TRUE(next<wire::state>(control_));  // so the word to stop has arrived
    member.frames.clear();
    const auto before = came(member);
    io_.run_for(300ms);
    EXPECT_EQ(came(member), before);
}

TEST_F(a_refreshed_connection, is_pinged_by_the_server_and_answers_by_itself)
{
    client member;
    join(member, transport::wss);
    ask(refresh::ws_ping, 100ms);
    const auto before = came(member);
    EXPECT_TRUE(until([&] { return came(member) >= before + 2; }));
    EXPECT_FALSE(member.over);
    EXPECT_TRUE(member.frames.empty());
}

TEST_F(a_refreshed_connection, is_kept_alive_by_either_kernel)
{
    client member;
    join(member, transport::tcp);
    io_.run_for(100ms);
    const auto before = came(member);
    net::refreshes own{io_};
    own.begin(member.channel, refresh::tcp_keepalive, 1s);
    EXPECT_TRUE(until([&] { return came(member) > before; }));
    EXPECT_TRUE(member.frames.empty());
}

TEST_F(a_refreshed_connection, loses_its_keepalive_when_another_refresh_or_none_takes_its_place)
{
    client member;
    join(member, transport::tcp);
    net::refreshes own{io_};
    for (const auto next : {refresh::data, refresh::none}) {
        own.begin(member.channel, refresh::tcp_keepalive, 1s);
        EXPECT_TRUE(kept_alive(member));
        own.begin(member.channel, next, 1h);
        EXPECT_FALSE(kept_alive(member));
    }
}

TEST_F(a_refreshed_connection, keeps_the_keepalive_that_its_owner_gave_it)
{
    client member;
    join(member, transport::ws);
    net::keep_alive(member.channel->native_socket(), {.idle = 7s});
    net::refreshes own{io_};
    own.begin(member.channel, refresh::ws_ping, 1h);
    own.begin(member.channel, refresh::none, 1h);
    EXPECT_TRUE(kept_alive(member));
}

TEST_F(a_refreshed_connection, is_sent_nothing_once_its_owner_may_not)
{
    client member;
    join(member, transport::tcp);
    net::refreshes own{io_};
    int asked = 0;
    own.begin(member.channel, refresh::data, 100ms, [&] { return ++asked < 3; });
    const auto before = server_->counts().bytes_received;
    ASSERT_TRUE(until([&] { return asked == 3; }));
    const auto filler = wire::encode(wire::filler{}).size();
    EXPECT_TRUE(until([&] { return server_->counts().bytes_received >= before + 2 * filler; }));
    io_.run_for(250ms);
    EXPECT_EQ(asked, 3);
    EXPECT_EQ(server_->counts().bytes_received, before + 2 * filler);
}

TEST_F(a_refreshed_connection, takes_data_of_the_client_without_an_answer)
{
    client member;
    join(member, transport::ws);
    net::refreshes own{io_};
    own.begin(member.channel, refresh::data, 100ms);
    io_.run_for(350ms);
    EXPECT_FALSE(member.over);
    EXPECT_TRUE(member.frames.empty());
}

TEST_F(a_refreshed_connection, cannot_be_asked_for_more_often_than_the_server_allows)
{
    client member;
    join(member, transport::tls);
    ask(refresh::data, 1ms);
    EXPECT_TRUE(until([&] { return control_.over; }));
}

TEST_F(a_refreshed_connection, is_asked_by_keepalives_that_go_so_far_and_is_then_as_it_was)
{
    client member;
    join(member, transport::tcp);
    io_.run_for(100ms);
    const auto before = came(member);
    net::refreshes own{io_};
    own.begin_within(member.channel, 3, 1s);
    EXPECT_TRUE(until([&] { return reach(member) == 3; }));
    EXPECT_TRUE(until([&] { return came(member) == before + 1; }));  // this host is near enough
    EXPECT_TRUE(until([&] { return reach(member) != 3; }));
    EXPECT_FALSE(kept_alive(member));
    EXPECT_TRUE(until([&] { return reach(member) == 3; }));
    own.end_within(*member.channel);
    EXPECT_NE(reach(member), 3);
    EXPECT_FALSE(kept_alive(member));
}

TEST_F(a_refreshed_connection, is_asked_by_the_server_within_some_hops_until_something_is_said)
{
    client member;
    join(member, transport::tls);
    io_.run_for(100ms);
    const auto before = came(member);
    ask_within(2, 1s);
    EXPECT_TRUE(until([&] { return came(member) == before + 2; }));
    control_.channel->send(wire::encode(wire::speak{.probe = 1, .connection = 7}));
    ASSERT_TRUE(next<wire::probe>(member));
    io_.run_for(100ms);
    const auto then = came(member);
    io_.run_for(1500ms);
    EXPECT_EQ(came(member), then);
}

TEST_F(a_refreshed_connection, is_not_asked_too_often_or_too_far)
{
    for (const auto& [hops, every] : {std::pair{65, 1s}, std::pair{2, 0s}}) {
        client member;
        join(member, transport::tcp);
        ask_within(hops, every);
        EXPECT_TRUE(until([&] { return control_.over; }));
        control_ = {};
    }
}

TEST_F(a_refreshed_connection, hears_what_the_server_can_do_if_it_asks)
{
    connect(control_, transport::wss);
    wire::exchange said;
    said.binding = net::binding_of(control_.channel->ssl());
    control_.channel->send(
        wire::encode(wire::hello{.client_nonce = said.client_nonce, .asks_abilities = true}));
    const auto challenge = next<wire::challenge>(control_);
    ASSERT_TRUE(challenge);
    said.server_nonce = challenge->server_nonce;
    control_.channel->send(
        wire::encode(wire::proof{wire::prove_client(*wire::parse_secret(secret_hex), said)}));
    const auto able = next<wire::abilities>(control_);
    ASSERT_TRUE(able);
    EXPECT_TRUE(able->refresh_within);
    EXPECT_TRUE(next<wire::welcome>(control_));
}

}  // namespace
}  // namespace deadair::echo_server
