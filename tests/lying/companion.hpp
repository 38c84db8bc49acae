#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "echo-server/transfer.hpp"
#include "echo-server/transport/channel.hpp"
#include "echo-server/wire/proof.hpp"
#include "tests/lying/lie.hpp"

/// An echo server that lies, with a middlebox that forgets in front of it.
namespace deadair::lying {

/// What the middlebox does with a packet of a connection that was idle for too long.
enum class expiry : std::uint8_t { none, silent, reset };

struct truth {
    expiry how{};
    nanoseconds after{};
};

struct session;
class companion;

/// One accepted connection.
class peer final : public net::channel_events {
public:
    explicit peer(companion& owner) : owner_{owner} {}
    ~peer() override;

    void start(net::socket accepted, SSL_CTX* context);
    void say(wire::buffer frame);
    void speak(const wire::speak& wanted);
    void query(const wire::query& wanted);
    void download(const wire::download& wanted);

private:
    void on_frame(const wire::frame& seen) override;
    net::upgrade_verdict on_upgrade(const net::upgrade_request&) override;
    void on_drained() override;
    void on_end(wire::end_cause cause, const std::string&) override;

    void on_hello(const wire::hello& said);
    void on_proof(const wire::proof& said);
    void on_join(const wire::join& said);
    void on_control(const wire::frame& seen);
    void on_member(const wire::frame& seen);
    void on_probe(const wire::probe& said);
    void on_bulk(std::size_t size);
    nanoseconds arrived() const;
    bool forgotten(nanoseconds packet) const;
    void settle_transfer();
    void flood();
    void leave(bool abruptly);

    companion& owner_;
    std::shared_ptr<net::channel> channel_;
    wire::exchange exchange_;
    wire::session_id resume_{};
    bool asks_abilities_{};
    session* session_{};
    std::uint32_t connection_{};
    bool control_{};
    nanoseconds last_packet_{};
    std::optional<echo_server::transfer> transfer_;
    std::deque<wire::buffer> held_;
    wire::buffer flood_;
    std::size_t flooded_{};
};

struct session {
    wire::session_id id{};
    peer* control{};
    std::map<std::uint32_t, peer*> members;
};

/// Knows one token; serves whoever knows it.
class companion {
public:
    companion(boost::asio::io_context& io, SSL_CTX* context, wire::buffer token, truth known,
              teller tells);

    net::tcp::endpoint local() const { return acceptor_.local_endpoint(); }

private:
    friend class peer;

    void accept();
    session& session_of(const wire::session_id& resume, bool& resumed);
    wire::tickets tickets_for(session& whom, std::uint16_t count);
    void forget(peer& gone);

    boost::asio::io_context& io_;
    net::tcp::acceptor acceptor_;
    SSL_CTX* context_;
    wire::buffer token_;
    truth known_;
    teller tells_;
    std::map<wire::session_id, session> sessions_;
    std::map<wire::ticket, session*> tickets_;
    std::map<peer*, std::unique_ptr<peer>> peers_;
};

}  // namespace deadair::lying
