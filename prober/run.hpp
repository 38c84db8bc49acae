#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "prober/connection.hpp"
#include "prober/control.hpp"
#include "prober/flight.hpp"
#include "prober/ledger.hpp"
#include "prober/planner/planner.hpp"
#include "prober/progress.hpp"

namespace deadair::prober {

/// One measurement: does what the planner says, and tells it and the ledger what came of it.
/// Decides nothing about idle ages; vouches for every outcome or calls it void.
class run final : public control_events, public connection_events {
public:
    struct settings {
        planner::plan plan;
        control::settings server;
        store::run description;
    };
    /// How it went. `failure` is for people; empty unless it failed.
    struct ending_of_run {
        store::run_state state{store::run_state::failed};
        std::optional<store::run_id> id;
        std::string failure;
        bool interrupted{};
    };

    run(boost::asio::io_context& io, const target& server, settings how, store::database& into,
        progress& show);
    ~run() override;

    /// Until it is over the io_context has work; then `ending()` tells.
    void start();
    /// Ends it in order, with what is known so far.
    void interrupt();
    /// Called once, when there is nothing left to wait for.
    void when_over(std::function<void()> tell) { when_over_ = std::move(tell); }
    const ending_of_run& ending() const { return result_; }

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
    void start_over(const wire::welcome& said);
    void outage_over();
    void drive();
    void drive_soon();
    void arm();
    void watch_host();
    void draw();

    void carry_out(const planner::open_connection& todo);
    void carry_out(const planner::send_probe& todo);
    void carry_out(const planner::close_connection& todo);
    void open_waiting();
    void close(std::uint32_t number, const std::string& client_saw);

    void ask_server(flight& probe);
    void send_to_server(flight& probe, connection& over);
    void step_flights(nanoseconds now);
    void silence_settles(nanoseconds now);
    void overdue(flight& probe);
    void arrived(flight& probe);
    void suspect(std::uint32_t connection, outcome how, const std::string& server_saw);
    void await_word(flight& probe, outcome candidate);
    void settle(flight probe, outcome result);
    void settle_unprompted(const flight& seen, outcome result);
    void came_late(std::uint32_t probe);
    void void_flights(const std::string& why);
    void set_due(flight& probe, nanoseconds at);
    flight* flight_on(std::uint32_t connection);
    connection* find(std::uint32_t number);
    void give_up(const std::string& why);
    void stop();
    void finish(store::run_state how);

    boost::asio::io_context& io_;
    const target& server_;
    settings how_;
    store::database& into_;
    progress& show_;
    run_clock clock_;
    sleep_watch sleep_;
    control control_;
    std::optional<planner::planner> planner_;
    std::optional<ledger> ledger_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer draw_timer_;
    bool drive_pending_{};
    bool outage_{};
    bool over_{};
    nanoseconds expected_wake_{};

    std::map<std::uint32_t, std::unique_ptr<connection>> connections_;
    std::deque<planner::open_connection> to_open_;
    std::vector<wire::ticket> tickets_;
    std::size_t tickets_asked_{};
    std::deque<std::pair<nanoseconds, std::uint32_t>> resting_;  // to settle, in order of time

    std::map<planner::probe_id, flight> flights_;
    std::set<std::pair<nanoseconds, planner::probe_id>> due_;
    std::map<planner::probe_id, flight> lost_;  // a late arrival takes the verdict back
    planner::probe_id last_unprompted_;
    tally counts_;
    ending_of_run result_;
    std::function<void()> when_over_;
};

}  // namespace deadair::prober
