#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "echo-server/wire/proof.hpp"
#include "prober/session/far_clock.hpp"
#include "prober/session/heartbeats.hpp"
#include "prober/session/run_clock.hpp"
#include "prober/session/target.hpp"

namespace deadair::prober {

/// What the control connection tells the run.
class control_events {
public:
    virtual ~control_events() = default;
    /// The server proved itself. `resumed`: it still knows our session and its connections.
    virtual void on_control_up(const wire::welcome& said, bool resumed) = 0;
    /// Silent or gone. It comes back by itself; `on_control_up` or `on_control_heard` follows.
    virtual void on_control_down(const std::string& why) = 0;
    /// It was silent, and is heard again on the same connection.
    virtual void on_control_heard() = 0;
    /// It cannot come up, and trying again would not help: only before the first `on_control_up`.
    virtual void on_control_failed(const std::string& why) = 0;
    /// A heartbeat came back.
    virtual void on_control_measured() {}
    virtual void on_tickets(const wire::tickets& said) = 0;
    virtual void on_spoke(const wire::spoke& said) = 0;
    virtual void on_received(const wire::received& said) = 0;
    virtual void on_far_end(const wire::ended& said) = 0;
    virtual void on_far_state(const wire::state& said) = 0;
    virtual void on_transferred(const wire::transferred&) {}
};

/// The busy connection over which prober and server agree what to do, and which tells an expired
/// binding from an outage. After an outage it comes back by itself and takes its session up again.
class control final : public net::channel_events {
public:
    struct settings {
        net::tcp::endpoint endpoint;  ///< the server's, or the proxy's
        std::uint16_t port{};         ///< the server's
        transport kind{transport::wss};
        wire::buffer token;
        bool unbound{};  ///< something on the path opens TLS, and the user allows it
    };

    control(boost::asio::io_context& io, const target& server, settings how, const run_clock& clock,
            control_events& owner);
    ~control() override;

    void start();
    void stop();
    /// It is not to be trusted any more; it comes back by itself.
    void end(const std::string& why) { drop(why); }

    void request_tickets(std::uint16_t count) { send(wire::encode(wire::ticket_request{count})); }
    void speak(std::uint32_t probe, std::uint32_t connection);
    void refresh_by(const wire::refresh_request& wanted) { send(wire::encode(wanted)); }
    void refresh_within(const wire::refresh_within& wanted) { send(wire::encode(wanted)); }
    void download(const wire::download& wanted) { send(wire::encode(wanted)); }
    void query(std::uint32_t connection) { send(wire::encode(wire::query{connection})); }

    /// What the server can do beyond what each can; known once it is up.
    const wire::abilities& server_can() const { return server_can_; }
    bool up() const { return stage_ == stage::up && !silent_; }
    /// When the last heartbeat that came back was sent: at that moment the path worked.
    nanoseconds worked_at() const { return worked_at_; }
    const far_clock& server_clock() const { return server_clock_; }
    const heartbeats& beats() const { return beats_; }
    wire::socket_facts facts() { return channel_ ? channel_->facts() : wire::socket_facts{}; }
    net::tcp::endpoint local() const { return channel_->local(); }

private:
    enum class stage : std::uint8_t { down, connecting, challenged, up };

    void on_open() override;
    std::string on_secured(SSL* ssl) override;
    void on_frame(const wire::frame& seen) override;
    void on_end(wire::end_cause cause, const std::string& detail) override;

    void connect();
    void on_challenge(wire::bytes body);
    void on_abilities(wire::bytes body);
    void on_welcome(wire::bytes body);
    void on_refused(wire::bytes body);
    void on_heartbeat_echo(wire::bytes body);
    void on_report(const wire::frame& seen);
    void tick();
    void beat();
    void drop(const std::string& why);
    void send(const wire::buffer& frame);

    boost::asio::io_context& io_;
    const target& server_;
    settings how_;
    const run_clock& clock_;
    control_events& owner_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<net::channel> channel_;
    wire::exchange exchange_;
    wire::session_id session_{};
    wire::abilities server_can_;
    far_clock server_clock_;
    heartbeats beats_;
    stage stage_{stage::down};
    bool been_up_{};
    bool silent_{};
    bool stopped_{};
    nanoseconds worked_at_{};
    nanoseconds heard_at_{};
    nanoseconds since_{};  // of the stage
};

}  // namespace deadair::prober
