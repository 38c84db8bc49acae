#pragma once

#include <cstdint>
#include <memory>

#include "echo-server/allowance.hpp"
#include "echo-server/counts.hpp"
#include "echo-server/surroundings.hpp"
#include "echo-server/transfer.hpp"
#include "echo-server/transport/channel.hpp"
#include "echo-server/wire/proof.hpp"

namespace deadair::echo_server {

class session;
struct team;

/// One accepted connection and what it has turned out to be.
class peer final : public net::channel_events {
public:
    using serial = std::uint64_t;

    /// @param around  outlives the peer
    peer(const peer_surroundings& around, serial number, boost::asio::ip::address from);
    ~peer() override;
    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;

    void start(net::socket accepted, SSL_CTX* context);
    void send(wire::bytes frame) { channel_->send(frame); }
    bool drained() const { return channel_->drained(); }
    void tell_drained() { channel_->tell_drained(); }
    /// The session told it to speak.
    void speak(std::uint32_t probe);
    wire::state state_now();
    void refresh_by(const wire::refresh_request& wanted);
    void refresh_within(const wire::refresh_within& wanted);
    /// What is said next goes all the way.
    void end_refresh_within();
    /// The session told it to send so much; what comes of it is reported.
    void begin_download(const wire::download& wanted);
    /// Closes without a word; only for one that is about to be destroyed.
    void abandon() { channel_->abandon(); }
    /// Closes in order; the server forgets the peer.
    void leave();

    serial number() const { return number_; }
    /// Lets a connection go that could not be kept.
    void dismiss(farewell why);
    bool is_stranger() const { return part_ == part::stranger || part_ == part::challenged; }
    bool is_member() const { return part_ == part::member; }
    const boost::asio::ip::address& address() const { return address_; }
    transport kind() const { return channel_->kind(); }

private:
    struct candidacy {
        wire::exchange said;
        wire::session_id resume{};
        bool asks_abilities{};
    };
    // A client of another make stands for itself.
    struct guest {
        std::shared_ptr<team> of;
        allowance left;
    };
    enum class part : std::uint8_t {
        stranger,    // has proven nothing
        challenged,  // was sent a nonce
        control,     // a session's control connection
        member,      // a probe connection of a session
        foreign      // a WebSocket client of another make
    };

    void on_frame(const wire::frame& seen) override;
    void on_message(wire::opcode code, wire::bytes payload) override;
    net::upgrade_verdict on_upgrade(const net::upgrade_request& request) override;
    void on_received(std::uint32_t bytes, std::uint32_t messages) override;
    void on_sent(std::uint32_t bytes) override;
    void on_drained() override;
    void on_end(wire::end_cause cause, const std::string& detail) override;

    void on_stranger(const wire::frame& seen);
    void on_hello(wire::bytes body);
    void on_proof(wire::bytes body);
    void on_join(wire::bytes body);
    void on_control(const wire::frame& seen);
    void on_member(const wire::frame& seen);
    void on_probe(wire::bytes body);
    void on_upload(wire::bytes body);
    void on_bulk(wire::bytes body);
    void on_download(wire::bytes body);
    void end_transfer(wire::transfer_end how);
    void on_ticket_request(wire::bytes body);
    void on_speak(wire::bytes body);
    void on_query(wire::bytes body);
    void on_refresh(wire::bytes body);
    void on_refresh_within(wire::bytes body);
    void on_heartbeat(wire::bytes body);
    void known_as(part what);
    bool pay(double messages, double bytes);
    void report_end(wire::end_cause cause);
    void refuse(wire::refusal why);
    void fail(const char* why);

    const peer_surroundings& around_;
    std::shared_ptr<net::channel> channel_;
    session* session_{};
    std::unique_ptr<candidacy> candidacy_;  // while challenged
    std::unique_ptr<guest> guest_;          // of another make
    std::unique_ptr<transfer> transfer_;    // while it lasts
    serial number_;
    boost::asio::ip::address address_;
    std::uint32_t connection_{};  // the prober's number for it
    std::uint32_t unproven_bytes_{};
    bool refreshed_within_{};
    part part_{part::stranger};
};

}  // namespace deadair::echo_server
