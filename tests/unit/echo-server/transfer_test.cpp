// Uploads and downloads over the server on loopback.
#include "echo-server/transfer.hpp"

#include <algorithm>

#include "server_fixture.hpp"

namespace deadair::echo_server {
namespace {

constexpr std::uint64_t megabyte = 1'000'000;

class a_member : public a_server {
protected:
    void SetUp() override
    {
        connect(control_, transport::tls);
        ASSERT_TRUE(log_in(control_));
    }
    void join(client& member, transport kind, std::uint32_t number)
    {
        connect(member, kind);
        const auto admission = tickets(control_, 1).at(0);
        member.channel->send(
            wire::encode(wire::join{.admission = admission, .connection = number}));
        ASSERT_TRUE(next<wire::joined>(member));
    }
    static std::uint64_t bulk_bytes(const client& member)
    {
        std::uint64_t all = 0;
        for (const auto& [type, body] : member.frames)
            all += type == wire::frame_type::bulk ? body.size() : 0;
        return all;
    }

    client control_;
};

TEST_F(a_member, uploads_and_downloads_over_every_transport)
{
    std::uint32_t number = 1;
    for (const auto kind : {transport::tcp, transport::tls, transport::ws, transport::wss}) {
        client member;
        join(member, kind, number);
        member.channel->send(wire::encode(wire::upload{.transfer = 40 + number, .size = megabyte}));
        net::bulk_sender sender{megabyte};
        ASSERT_TRUE(until([&] { return sender.go_on(*member.channel); })) << to_string(kind);
        const auto up = next<wire::transferred>(control_);
        ASSERT_TRUE(up) << to_string(kind);
        EXPECT_EQ(up->transfer, 40 + number);
        EXPECT_EQ(up->how, wire::transfer_end::complete);
        EXPECT_EQ(up->size, megabyte);
        EXPECT_LE(up->began, up->at);

        control_.channel->send(wire::encode(
            wire::download{.transfer = 80 + number, .connection = number, .size = megabyte}));
        const auto down = next<wire::transferred>(control_);
        ASSERT_TRUE(down) << to_string(kind);
        EXPECT_EQ(down->transfer, 80 + number);
        EXPECT_EQ(down->how, wire::transfer_end::complete);
        EXPECT_TRUE(until([&] { return bulk_bytes(member) >= megabyte; }));
        EXPECT_EQ(bulk_bytes(member), megabyte);
        member.channel->abort();
        ASSERT_TRUE(next<wire::ended>(control_));
        ++number;
    }
}

TEST_F(a_member, is_told_how_much_came_of_an_upload_that_was_cut)
{
    client member;
    join(member, transport::tcp, 1);
    member.channel->send(wire::encode(wire::upload{.transfer = 7, .size = megabyte}));
    member.channel->send(wire::encode_frame(wire::frame_type::bulk, wire::buffer(1000)));
    // The bytes have arrived before the reset that would take them away.
    ASSERT_TRUE(until([&] { return server_->counts().bytes_received > 1000; }));
    io_.run_for(100ms);
    member.channel->abort();
    const auto cut = next<wire::transferred>(control_);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->how, wire::transfer_end::cut);
    EXPECT_EQ(cut->size, 1000U);
    EXPECT_TRUE(next<wire::ended>(control_));
}

TEST_F(a_member, may_not_send_what_it_did_not_announce)
{
    client member;
    join(member, transport::tcp, 1);
    member.channel->send(wire::encode_frame(wire::frame_type::bulk, wire::buffer(1000)));
    EXPECT_TRUE(until([&] { return member.over; }));
    EXPECT_EQ(next<wire::ended>(control_)->cause, wire::end_cause::own);
    client second;
    join(second, transport::tcp, 2);
    second.channel->send(wire::encode(wire::upload{.transfer = 7, .size = 10}));
    second.channel->send(wire::encode_frame(wire::frame_type::bulk, wire::buffer(11)));
    EXPECT_TRUE(until([&] { return second.over; }));
    EXPECT_EQ(next<wire::transferred>(control_)->how, wire::transfer_end::cut);
    EXPECT_EQ(next<wire::ended>(control_)->cause, wire::end_cause::own);
    client third;
    join(third, transport::tcp, 3);
    third.channel->send(wire::encode(wire::upload{.transfer = 7, .size = wire::transfer_max + 1}));
    EXPECT_TRUE(until([&] { return third.over; }));
}

TEST_F(a_member, is_sent_nothing_beyond_the_bounds)
{
    client member;
    join(member, transport::tcp, 1);
    const auto ask = [&](std::uint32_t connection, std::uint64_t size) {
        control_.channel->send(
            wire::encode(wire::download{.transfer = 9, .connection = connection, .size = size}));
        const auto said = next<wire::transferred>(control_);
        return said && said->how == wire::transfer_end::refused && said->size == 0;
    };
    EXPECT_TRUE(ask(1, 0));
    EXPECT_TRUE(ask(1, wire::transfer_max + 1));
    EXPECT_TRUE(ask(99, 10));
    EXPECT_EQ(bulk_bytes(member), 0U);
}

TEST_F(a_member, is_sent_no_more_than_its_session_s_allowance)
{
    // 100 MB at a time, of 256 MB that may come at once; nobody reads, so little is really sent.
    std::vector<std::unique_ptr<client>> members;
    for (std::uint32_t number = 1; number <= 3; ++number) {
        members.push_back(std::make_unique<client>());
        join(*members.back(), transport::tcp, number);
        control_.channel->send(wire::encode(
            wire::download{.transfer = number, .connection = number, .size = wire::transfer_max}));
    }
    const auto refused = next<wire::transferred>(control_);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->transfer, 3U);
    EXPECT_EQ(refused->how, wire::transfer_end::refused);
    EXPECT_FALSE(control_.over) << "who asks for too much is not cut off";
}

}  // namespace
}  // namespace deadair::echo_server
