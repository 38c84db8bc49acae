#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "echo-server/transport/refreshes.hpp"
#include "prober/observation/flight.hpp"
#include "prober/session/connection.hpp"
#include "prober/session/control.hpp"

namespace deadair::prober {

/// What a session tells its user.
class session_events {
public:
    virtual ~session_events() = default;
    /// The server answered: connections may be opened. Called once.
    virtual void on_begin(const wire::welcome& said) = 0;
    /// It did not answer as it should; the last call.
    virtual void on_refused(const std::string& why) = 0;
    /// What else to write down, with the words of the table `events`.
    virtual void on_event(const std::string& kind, const std::string& detail) = 0;
    /// Between the two nothing is sent, and what was under way is void.
    virtual void on_outage() = 0;
    virtual void on_outage_over() = 0;
    virtual void on_opened(connection& here) = 0;
    virtual void on_open_failed(std::uint32_t number) = 0;
    virtual void on_settled(const flight& probe, outcome result) = 0;
    /// A connection ended by itself; it closes next.
    virtual void on_ended(const flight& seen, outcome result) = 0;
    /// Nobody can vouch for its idle age any more; it closes next.
    virtual void on_voided(std::uint32_t number) = 0;
    /// A probe that was called lost has arrived.
    virtual void on_late(const flight& probe) = 0;
    virtual void on_closed(connection& here, const std::string& client_saw) = 0;
    /// Something happened, or it is time: decide, and act on the session.
    virtual void on_turn() = 0;
    /// When the next turn is due if nothing happens.
    virtual std::optional<nanoseconds> wake_at() = 0;
};

/// A stay at the server: the control connection, the connections under test, and the probes on
/// them. It decides nothing, and vouches for every outcome or calls it void.
class session final : public control_events, public connection_events {
public:
    struct settings {
        control::settings server;
        nanoseconds verdict_after{std::chrono::seconds{2}};  ///< silence that makes a probe lost
    };

    session(boost::asio::io_context& io, const target& server, settings how, session_events& user);
    ~session() override;

    /// Until `stop` the io_context has work.
    void start();
    void stop();
    void turn_soon();

    void open(std::uint32_t number, const path& on);
    void probe(std::uint32_t probe, std::uint32_t connection, direction way);
    /// From now on the connection is refreshed; the other end is told to do its part.
    /// @param every  at least `wire::refresh_interval_min`; TCP keepalive: whole seconds
    void refresh_by(std::uint32_t connection, refresh by, refresh_side from,
                    std::chrono::milliseconds every);
    /// From now on the client does with it what the settings say.
    void keep(connection& here, const hold::settings& with);
    void close(std::uint32_t number, const std::string& client_saw);
    void close_all();
    connection* find(std::uint32_t number);

    nanoseconds now() const { return clock_.now(); }
    const run_clock& clock() const { return clock_; }
    control& control_connection() { return control_; }
    /// What a verdict waits for on this path; known after `on_begin`.
    nanoseconds verdict_after() const { return how_.verdict_after; }
    bool idle() const { return flights_.empty(); }
    bool outage() const { return outage_; }
    std::uint32_t opening() const { return opening_; }
    std::uint32_t waiting() const { return waiting_; }
    /// Numbers for rows that no probe has, apart from the probes' own.
    std::uint32_t fresh_number() { return last_unprompted_++; }

private:
    // control_events
    void on_control_up(const wire::welcome& said, bool resumed) override;
    void on_control_down(const std::string& why) override;
    void on_control_heard() override;
    void on_control_failed(const std::string& why) override;
    void on_tickets(const wire::tickets& said) override;
    void on_spoke(const wire::spoke& said) override;
    void on_received(const wire::received& said) override;
    void on_far_end(const wire::ended& said) override;
    void on_far_state(const wire::state& said) override;
    // connection_events
    void on_joined(connection& here) override;
    void on_heard(connection& here, std::uint32_t probe) override;
    void on_gone(connection& here, wire::end_cause cause, const std::string& why) override;

    void begin(const wire::welcome& said);
    void start_over();
    void outage_over();
    void doubt_bindings();
    void doubt_answered(const flight& asked, outcome result);
    const connection* youngest() const;
    template <class Tells>
    const connection* youngest_that(Tells tells) const;
    void turn();
    void arm();
    void watch_host();

    struct wanted {
        std::uint32_t connection{};
        path on;
    };
    void open_waiting();
    void void_connections();

    void ask_server(flight& probe);
    void send_to_server(flight& probe, connection& over);
    void step_flights(nanoseconds now);
    void silence_settles(nanoseconds now);
    void give_up_opening(nanoseconds now);
    void overdue(flight& probe);
    void arrived(flight& probe);
    void suspect(std::uint32_t connection, outcome how, const std::string& server_saw);
    void await_word(flight& probe, outcome candidate);
    void settle(flight probe, outcome result);
    void came_late(std::uint32_t probe);
    void void_flights(const std::string& why);
    void set_due(flight& probe, nanoseconds at);
    flight* flight_on(std::uint32_t connection);

    boost::asio::io_context& io_;
    const target& server_;
    settings how_;
    session_events& user_;
    run_clock clock_;
    sleep_watch sleep_;
    control control_;
    net::refreshes refreshes_;
    boost::asio::steady_timer timer_;
    bool begun_{};
    bool turn_pending_{};
    bool outage_{};
    bool over_{};
    nanoseconds expected_wake_{};

    std::map<std::uint32_t, std::unique_ptr<connection>> connections_;
    std::uint32_t opening_{};
    std::uint32_t waiting_{};
    std::deque<wanted> to_open_;
    std::deque<std::pair<nanoseconds, std::uint32_t>> set_up_due_;  // in order of time
    std::vector<wire::ticket> tickets_;
    std::size_t tickets_asked_{};
    std::deque<std::pair<nanoseconds, std::uint32_t>> resting_;  // to settle, in order of time

    std::map<std::uint32_t, flight> flights_;
    std::set<std::pair<nanoseconds, std::uint32_t>> due_;
    std::map<std::uint32_t, flight> lost_;  // a late arrival takes the verdict back
    std::uint32_t last_unprompted_;

    nanoseconds longest_delivered_{};
    nanoseconds worked_until_{};  // the path, before the latest outage
    std::optional<std::uint32_t>
        doubt_;  // the probe that tells whether bindings outlived an outage
};

}  // namespace deadair::prober
