// What is meant to keep a binding alive: asked of the server, and sent by a client itself.
#include "echo-server/transport/refreshes.hpp"
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

}  // namespace
}  // namespace deadair::echo_server
