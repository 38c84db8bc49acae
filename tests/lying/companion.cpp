// Sessions, tickets, and how a stranger becomes somebody: all as docs/protocol.md has it.
#include "tests/lying/companion.hpp"

#include <openssl/rand.h>

#include <boost/asio/post.hpp>

namespace deadair::lying {

namespace {

template <class Bytes>
Bytes random_bytes()
{
    Bytes made{};
    if (RAND_bytes(reinterpret_cast<unsigned char*>(made.data()), static_cast<int>(made.size())) !=
        1)
        throw std::runtime_error("no random bytes");
    return made;
}

}  // namespace

companion::companion(boost::asio::io_context& io, SSL_CTX* context, wire::buffer token, truth known,
                     teller tells)
    : io_{io},
      acceptor_{io, {boost::asio::ip::address_v4::loopback(), 0}},
      context_{context},
      token_{std::move(token)},
      known_{known},
      tells_{std::move(tells)}
{
    accept();
}

void companion::accept()
{
    acceptor_.async_accept(
        [this](const boost::system::error_code& error, net::tcp::socket accepted) {
            if (error)
                return;
            auto made = std::make_unique<peer>(*this);
            auto& here = *made;
            peers_.emplace(&here, std::move(made));
            net::socket own{io_.get_executor()};
            own.assign(net::tcp::v4(), accepted.release());
            here.start(std::move(own), context_);
            accept();
        });
}

session& companion::session_of(const wire::session_id& resume, bool& resumed)
{
    const auto known = sessions_.find(resume);
    resumed = known != sessions_.end();
    if (resumed)
        return known->second;
    const auto id = random_bytes<wire::session_id>();
    return sessions_.emplace(id, session{.id = id, .control = nullptr, .members = {}})
        .first->second;
}

wire::tickets companion::tickets_for(session& whom, std::uint16_t count)
{
    wire::tickets made;
    for (std::uint16_t i = 0; i < std::min(count, wire::tickets_max); ++i) {
        made.values.push_back(random_bytes<wire::ticket>());
        tickets_.emplace(made.values.back(), &whom);
    }
    return made;
}

// It may be in the middle of a call of its own: it is destroyed from the loop.
void companion::forget(peer& gone)
{
    const auto found = peers_.find(&gone);
    if (found == peers_.end())
        return;
    boost::asio::post(io_, [kept = std::shared_ptr<peer>(std::move(found->second))] {});
    peers_.erase(found);
}

void peer::on_hello(const wire::hello& said)
{
    exchange_.client_nonce = said.client_nonce;
    exchange_.server_nonce = random_bytes<wire::nonce>();
    if (!said.unbound && channel_->ssl() != nullptr)
        exchange_.binding = net::binding_of(channel_->ssl());
    resume_ = said.resume;
    asks_abilities_ = said.asks_abilities;
    say(wire::encode(wire::challenge{exchange_.server_nonce}));
}

void peer::on_proof(const wire::proof& said)
{
    if (!wire::same(said.client, wire::prove_client(owner_.token_, exchange_)))
        return leave(false);
    bool resumed = false;
    session_ = &owner_.session_of(resume_, resumed);
    session_->control = this;
    control_ = true;
    channel_->accept_bodies_up_to(wire::body_max);
    const auto kept = channel_;  // a lie may end the peer
    if (asks_abilities_)
        say(wire::encode(wire::abilities{.refresh_within = true}));
    if (!kept->is_open())
        return;
    say(wire::encode(wire::welcome{.server = wire::prove_server(owner_.token_, exchange_),
                                   .session = session_->id,
                                   .resumed = resumed,
                                   .connections_max = 1000}));
}

void peer::on_join(const wire::join& said)
{
    const auto found = owner_.tickets_.find(said.admission);
    if (found == owner_.tickets_.end() || found->second->members.contains(said.connection)) {
        say(wire::encode(wire::refused{wire::refusal::unknown_ticket}));
        return leave(false);
    }
    session_ = found->second;
    owner_.tickets_.erase(found);
    connection_ = said.connection;
    last_packet_ = std::chrono::steady_clock::now().time_since_epoch();
    session_->members.emplace(connection_, this);
    channel_->accept_bodies_up_to(wire::body_max);
    say(wire::encode(wire::joined{connection_}));
}

}  // namespace deadair::lying
