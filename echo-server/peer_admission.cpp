// How a stranger becomes somebody: by the token's proof, by a ticket, or as a client of another
// make.
#include <openssl/rand.h>

#include "echo-server/peer.hpp"
#include "echo-server/server.hpp"

namespace deadair::echo_server {

namespace {

std::string_view bearer(const std::string& authorization)
{
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view text = authorization;
    return text.starts_with(scheme) ? text.substr(scheme.size()) : std::string_view{};
}

}  // namespace

void peer::on_stranger(const wire::frame& seen)
{
    if (part_ == part::challenged && seen.type == wire::frame_type::proof)
        return on_proof(seen.body);
    if (part_ == part::stranger && seen.type == wire::frame_type::hello)
        return on_hello(seen.body);
    if (part_ == part::stranger && seen.type == wire::frame_type::join)
        return on_join(seen.body);
    fail("a frame that a stranger may not send");
}

void peer::on_hello(wire::bytes body)
{
    const auto said = wire::decode<wire::hello>(body);
    const bool secured = channel_->ssl() != nullptr;
    // Bound to the TLS channel, unless the prober knows that something on the path opens it.
    if (!said || (!said->unbound && !secured))
        return refuse(wire::refusal::malformed);
    candidacy_ = std::make_unique<candidacy>();
    auto& exchange = candidacy_->said;
    exchange.client_nonce = said->client_nonce;
    RAND_bytes(reinterpret_cast<unsigned char*>(exchange.server_nonce.data()),
               static_cast<int>(exchange.server_nonce.size()));
    if (!said->unbound)
        exchange.binding = net::binding_of(channel_->ssl());
    candidacy_->resume = said->resume;
    part_ = part::challenged;
    channel_->send(wire::encode(wire::challenge{exchange.server_nonce}));
}

void peer::on_proof(wire::bytes body)
{
    const auto said = wire::decode<wire::proof>(body);
    const auto* token = said ? server_.token_of(candidacy_->said, said->client) : nullptr;
    if (token == nullptr)
        return refuse(said ? wire::refusal::wrong_token : wire::refusal::malformed);
    bool resumed = false;
    session_ = server_.welcome(candidacy_->resume, *token, resumed);
    if (session_ == nullptr)
        return refuse(wire::refusal::too_many_sessions);
    known_as(part::control);
    if (auto* old = session_->control(); old != nullptr) {
        old->session_ = nullptr;  // it must not detach what is ours now
        old->leave();
    }
    const auto proof = wire::prove_server(token->secret, candidacy_->said);
    candidacy_.reset();
    channel_->send(wire::encode(wire::welcome{
        .server = proof,
        .session = session_->id(),
        .resumed = resumed,
        .connections_max = static_cast<std::uint32_t>(server_.limits_.connections_per_session)}));
    session_->attach(*this, server::clock::now());
    server_.watch_sessions();
    server_.log_.write(log_level::info, "event=session_{} token={} peer={}",
                       resumed ? "resumed" : "begun", in_quotes(token->name), address_.to_string());
}

void peer::on_join(wire::bytes body)
{
    const auto said = wire::decode<wire::join>(body);
    if (!said)
        return refuse(wire::refusal::malformed);
    auto* joined = server_.redeem(said->admission);
    if (joined == nullptr)
        return refuse(wire::refusal::unknown_ticket);
    if (joined->size() >= server_.limits_.connections_per_session)
        return refuse(wire::refusal::too_many_connections);
    if (!joined->add(said->connection, *this))
        return refuse(wire::refusal::malformed);
    session_ = joined;
    connection_ = said->connection;
    known_as(part::member);
    ++server_.counts_.joined;
    channel_->send(wire::encode(wire::joined{connection_}));
}

net::upgrade_verdict peer::on_upgrade(const net::upgrade_request& request)
{
    if (request.target == "/deadair")
        return net::upgrade_verdict::frames;
    if (request.target != "/echo")
        return net::upgrade_verdict::refused;
    const auto* token = wire::find_token(server_.tokens_, bearer(request.authorization));
    if (token == nullptr) {
        ++server_.counts_.refused[wire::refusal::wrong_token];
        return net::upgrade_verdict::unauthorized;
    }
    guest_ = std::make_unique<guest>(
        guest{.token = *token, .left = allowance{server_.limits_.rates, server::clock::now()}});
    known_as(part::foreign);
    return net::upgrade_verdict::messages;
}

void peer::known_as(part what)
{
    part_ = what;
    channel_->accept_bodies_up_to(wire::body_max);
    server_.strangers_.remove(number_);
    ++server_.counts_.now(kind());
}

void peer::refuse(wire::refusal why)
{
    ++server_.counts_.refused[why];
    server_.log_.write(log_level::warn, "event=refused peer={} reason={}", address_.to_string(),
                       wire::to_string(why));
    channel_->send(wire::encode(wire::refused{why}));
    leave();
}

}  // namespace deadair::echo_server
