// How a stranger becomes somebody: by the token's proof, by a ticket, or as a client of another
// make.
#include <array>
#include <bit>

#include "echo-server/peer.hpp"
#include "echo-server/registry.hpp"
#include "echo-server/transport/random.hpp"
#include "echo-server/transport/socket.hpp"

namespace deadair::echo_server {

namespace {

std::string_view bearer(const std::string& authorization)
{
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view text = authorization;
    return text.starts_with(scheme) ? text.substr(scheme.size()) : std::string_view{};
}

wire::joined answer_to_join(std::uint32_t connection, const net::tcp::endpoint& from)
{
    const auto address =
        from.address().is_v4()
            ? boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, from.address().to_v4())
            : from.address().to_v6();
    return {.connection = connection,
            .address = std::bit_cast<std::array<std::byte, 16>>(address.to_bytes()),
            .port = from.port()};
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
    // No prober of ours: an answer could be longer than what was said.
    if (!said)
        return fail("a malformed hello");
    // Bound to the TLS channel, unless the prober knows that something on the path opens it.
    if (!said->unbound && !secured)
        return refuse(wire::refusal::malformed);
    if (!said->unbound && !net::can_bind(channel_->ssl()))
        return refuse(wire::refusal::no_binding);
    candidacy_ = std::make_unique<candidacy>();
    auto& exchange = candidacy_->said;
    exchange.client_nonce = said->client_nonce;
    exchange.server_nonce = net::random_bytes<wire::nonce>();
    if (!said->unbound)
        exchange.binding = net::binding_of(channel_->ssl());
    candidacy_->resume = said->resume;
    candidacy_->asks_abilities = said->asks_abilities;
    part_ = part::challenged;
    channel_->send(wire::encode(wire::challenge{exchange.server_nonce}));
}

void peer::on_proof(wire::bytes body)
{
    const auto said = wire::decode<wire::proof>(body);
    if (!said)
        return fail("a malformed proof");
    const auto whose = around_.known.team_of(candidacy_->said, said->client);
    if (whose == nullptr)
        return refuse(wire::refusal::wrong_token);
    const auto welcome = around_.known.admit(candidacy_->resume, whose);
    if (welcome.to == nullptr)
        return refuse(wire::refusal::too_many_sessions);
    session_ = welcome.to;
    known_as(part::control);
    if (auto* old = session_->control(); old != nullptr) {
        old->session_ = nullptr;  // it must not detach what is ours now
        old->leave();
    }
    const auto proof = wire::prove_server(whose->token.secret, candidacy_->said);
    // Before the welcome, so that the prober knows as soon as it may begin.
    if (candidacy_->asks_abilities)
        channel_->send(wire::encode(
            wire::abilities{.refresh_within = !net::reach_refused(channel_->native_socket())}));
    candidacy_.reset();
    channel_->send(wire::encode(wire::welcome{
        .server = proof,
        .session = session_->id(),
        .resumed = welcome.resumed,
        .connections_max = static_cast<std::uint32_t>(around_.known.connections_max(*whose))}));
    session_->attach(*this, std::chrono::steady_clock::now());
    around_.events.write(log_level::info, "event=session_{} token={} peer={}",
                         welcome.resumed ? "resumed" : "begun", in_quotes(whose->token.name),
                         address_.to_string());
}

void peer::on_join(wire::bytes body)
{
    const auto said = wire::decode<wire::join>(body);
    if (!said)
        return fail("a malformed join");
    auto* joined = around_.known.redeem(said->admission);
    if (joined == nullptr)
        return refuse(wire::refusal::unknown_ticket);
    if (joined->size() >= around_.limits.connections_per_session ||
        !around_.known.has_room(*joined->of()))
        return refuse(wire::refusal::too_many_connections);
    if (!joined->add(said->connection, *this))
        return refuse(wire::refusal::malformed);
    session_ = joined;
    connection_ = said->connection;
    known_as(part::member);
    ++around_.counts.joined;
    channel_->send(wire::encode(answer_to_join(connection_, channel_->remote())));
    channel_->hibernate_when_idle();
}

net::upgrade_verdict peer::on_upgrade(const net::upgrade_request& request)
{
    if (request.target == "/deadair")
        return net::upgrade_verdict::frames;
    if (request.target != "/echo")
        return net::upgrade_verdict::refused;
    // What anybody on the way could read would be no secret any more (RFC 6750, section 5.3).
    if (channel_->ssl() == nullptr)
        return net::upgrade_verdict::in_the_clear;
    const auto whose = around_.known.team_of(bearer(request.authorization));
    if (whose == nullptr) {
        ++around_.counts.refused[wire::refusal::wrong_token];
        return net::upgrade_verdict::unauthorized;
    }
    if (!around_.known.has_room(*whose)) {
        ++around_.counts.refused[wire::refusal::too_many_connections];
        return net::upgrade_verdict::full;
    }
    guest_ = std::make_unique<guest>(guest{
        .of = whose, .left = allowance{around_.limits.rates, std::chrono::steady_clock::now()}});
    whose->guests.insert(this);
    ++whose->connections;
    known_as(part::foreign);
    return net::upgrade_verdict::messages;
}

void peer::known_as(part what)
{
    part_ = what;
    channel_->accept_bodies_up_to(wire::body_max);
    around_.owner.proven(*this);
    ++around_.counts.now(kind());
}

void peer::refuse(wire::refusal why)
{
    ++around_.counts.refused[why];
    around_.events.write(log_level::warn, "event=refused peer={} reason={}", address_.to_string(),
                         wire::to_string(why));
    channel_->send(wire::encode(wire::refused{why}));
    leave();
}

}  // namespace deadair::echo_server
