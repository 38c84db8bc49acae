#pragma once

#include <gtest/gtest.h>

#include <boost/asio/write.hpp>

#include "echo-server/identity.hpp"
#include "echo-server/server.hpp"
#include "echo-server/transport/pin.hpp"
#include "echo-server/transport/traffic_keys.hpp"
#include "tests/unit/echo-server/client.hpp"

namespace deadair::echo_server {
using namespace std::chrono_literals;
using boost::asio::ip::make_address;

inline const std::string secret_hex(64, '7');

/// A server on a free port of loopback, and what its clients need, on one loop.
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
        limits.rates = {.messages_per_second = 500, .bytes_per_second = 1e8};
        auto context = net::make_server_context(own.certificate.get(), own.key.get());
        net::note_traffic_keys(context.get());
        server_.emplace(io_, std::move(context), std::vector{valid_}, limits, log_);
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
    const wire::token valid_{.name = "test", .secret = *wire::parse_secret(secret_hex)};
    log log_{log_level::error};
    temporary_directory directory_;
    net::trust trust_;
    net::tls_context client_context_;
    std::optional<server> server_;
    net::tcp::endpoint endpoint_;
};

}  // namespace deadair::echo_server
