#include "echo-server/transport/hibernated_tls.hpp"

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <cstdlib>

#include "tests/unit/echo-server/transport/tls_pair.hpp"

namespace deadair::net {
namespace {

using end = tls_pair::end;

// What OpenSSL takes comes from here, so that there can be none. Must stand before it takes any.
bool exhausted = false;
void* take(std::size_t size, const char* /*file*/, int /*line*/)
{
    return exhausted ? nullptr : std::malloc(size);
}
void* take_again(void* old, std::size_t size, const char* /*file*/, int /*line*/)
{
    return exhausted ? nullptr : std::realloc(old, size);
}
void give_back(void* old, const char* /*file*/, int /*line*/)
{
    std::free(old);
}
const bool ours = CRYPTO_set_mem_functions(&take, &take_again, &give_back) == 1;

std::array<std::byte, records::plain_max> room;

class Hibernation : public testing::Test {
protected:
    tls_pair connect() { return {make_server_ssl(contexts_.server()), contexts_.client_ssl()}; }

    static wire::buffer text(std::size_t size) { return wire::buffer(size, std::byte{7}); }
    static void hibernate(tls_pair& both, end who)
    {
        both.at(who).hibernate();
        ASSERT_EQ(both.at(who).ssl(), nullptr);
        ASSERT_TRUE(both.at(who).secured());
    }
    static bool stays(tls_pair& both, end who)
    {
        both.at(who).hibernate();
        return both.at(who).ssl() != nullptr;
    }
    // Whether what one end says comes out at the other.
    static bool passes(tls_pair& both, end from)
    {
        both.at(from).write_some(text(30));
        both.carry_all();
        auto& other = both.at(from == end::server ? end::client : end::server);
        auto heard = other.read_some(room);
        if (heard.what == progress::want_read)  // a KeyUpdate before it is a turn of its own
            heard = other.read_some(room);
        return heard.what == progress::done && heard.transferred == 30;
    }

    tls_contexts contexts_;
};

TEST_F(Hibernation, both_ends_go_on_and_so_do_their_counts_of_bytes)
{
    auto both = connect();
    ASSERT_TRUE(passes(both, end::server));
    const auto sent = both.at(end::server).sent();
    const auto received = both.at(end::server).received();
    hibernate(both, end::server);
    hibernate(both, end::client);
    EXPECT_EQ(both.at(end::server).sent(), sent);
    ASSERT_TRUE(passes(both, end::server));
    ASSERT_TRUE(passes(both, end::client));
    const auto record = records::header_size + 30 + 1 + records::tag_size;
    EXPECT_EQ(both.at(end::server).sent(), sent + record);
    EXPECT_EQ(both.at(end::server).received(), received + record);
}

TEST_F(Hibernation, close_notify_is_heard)
{
    auto both = connect();
    hibernate(both, end::server);
    hibernate(both, end::client);
    both.at(end::client).shut_down();
    both.carry_all();
    const auto heard = both.at(end::server).read_some(room);
    EXPECT_EQ(heard.what, progress::ended);
    EXPECT_EQ(heard.cause, wire::end_cause::closed);
}

TEST_F(Hibernation, waits_while_a_record_is_there_in_part)
{
    auto both = connect();
    both.at(end::client).write_some(text(30));
    for (const auto more : {3U, 2U, 1U, 20U}) {
        both.from(end::client).carry(more);
        EXPECT_EQ(both.at(end::server).read_some(room).what, progress::want_read);
        EXPECT_TRUE(stays(both, end::server));
    }
    both.carry_all();
    EXPECT_EQ(both.at(end::server).read_some(room).transferred, 30U);
    hibernate(both, end::server);
    EXPECT_TRUE(passes(both, end::client));
}

TEST_F(Hibernation, waits_while_a_record_is_sent_in_part)
{
    auto both = connect();
    const auto much = text(records::plain_max);
    ASSERT_EQ(both.at(end::server).write_some(much).what, progress::want_write);
    EXPECT_TRUE(stays(both, end::server));
    auto taken = both.at(end::server).write_some(much);
    for (int turn = 0; turn < 16 && taken.what == progress::want_write; ++turn) {
        both.carry_all();
        taken = both.at(end::server).write_some(much);
    }
    ASSERT_EQ(taken.transferred, much.size());
    hibernate(both, end::server);
}

TEST_F(Hibernation, leaves_whom_OpenSSL_must_keep)
{
    auto updated = connect();
    SSL_key_update(updated.at(end::client).ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
    ASSERT_TRUE(passes(updated, end::client));
    EXPECT_TRUE(stays(updated, end::server));
    EXPECT_TRUE(stays(updated, end::client));

    auto client = contexts_.client_ssl();
    SSL_set_max_proto_version(client.get(), TLS1_2_VERSION);
    tls_pair older{make_server_ssl(contexts_.server()), std::move(client)};
    EXPECT_TRUE(stays(older, end::server));
    EXPECT_TRUE(stays(older, end::client));

    client = contexts_.client_ssl();
    SSL_set_tlsext_max_fragment_length(client.get(), TLSEXT_max_fragment_length_512);
    tls_pair shorter{make_server_ssl(contexts_.server()), std::move(client)};
    EXPECT_TRUE(stays(shorter, end::server));

    auto closed = connect();
    closed.at(end::client).shut_down();
    EXPECT_TRUE(stays(closed, end::client));
}

TEST_F(Hibernation, nothing_is_kept_of_a_context_that_was_not_told_to)
{
    const trust whom{.pin = "sha256:any", .ca_file = {}, .allow_interception = true};
    const auto plain = make_client_context(whom);
    tls_pair both{make_server_ssl(contexts_.server()),
                  make_client_ssl(plain.get(), "127.0.0.1", whom)};
    EXPECT_TRUE(stays(both, end::client));
    hibernate(both, end::server);
    EXPECT_TRUE(passes(both, end::server));
}

TEST_F(Hibernation, the_session_can_still_be_resumed)
{
    auto server = make_server_ssl(contexts_.server());
    SSL_clear_options(server.get(), SSL_OP_NO_TICKET);
    SSL_set_num_tickets(server.get(), 1);
    tls_pair both{std::move(server), contexts_.client_ssl()};
    ASSERT_NE(both.at(end::client).read_some(room).what, progress::ended);
    const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session{
        SSL_get1_session(both.at(end::client).ssl()), &SSL_SESSION_free};
    ASSERT_EQ(SSL_SESSION_is_resumable(session.get()), 1);
    hibernate(both, end::client);
    EXPECT_EQ(SSL_SESSION_is_resumable(session.get()), 1);
}

TEST_F(Hibernation, where_memory_ends_that_connection_ends_and_the_others_go_on)
{
    ASSERT_TRUE(ours);
    auto poor = connect();
    auto other = connect();
    for (auto* const each : {&poor, &other}) {
        hibernate(*each, end::server);
        ASSERT_TRUE(passes(*each, end::client));
        ASSERT_TRUE(passes(*each, end::server));
    }
    poor.at(end::client).write_some(text(30));
    poor.carry_all();
    exhausted = true;
    const auto read = poor.at(end::server).read_some(room);
    const auto written = poor.at(end::server).write_some(text(30));
    exhausted = false;
    for (const auto& each : {read, written}) {
        EXPECT_EQ(each.what, progress::ended);
        EXPECT_EQ(each.cause, wire::end_cause::broken);
        EXPECT_EQ(each.detail, "malloc failure");
    }
    EXPECT_TRUE(passes(other, end::client));
    EXPECT_TRUE(passes(other, end::server));
}

}  // namespace
}  // namespace deadair::net
