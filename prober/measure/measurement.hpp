#pragma once

#include <functional>
#include <optional>
#include <string>

#include "prober/planner/programme.hpp"
#include "prober/record/evidence_watch.hpp"
#include "prober/record/ledger.hpp"
#include "prober/record/path_samples.hpp"
#include "prober/session/session.hpp"
#include "prober/show/progress.hpp"

namespace deadair::prober {

/// One measurement: does what the plan says, and tells it and the ledger what came of it.
/// Decides nothing about idle ages.
class measurement final : public session_events {
public:
    struct settings {
        planner::plan plan;
        std::vector<means> refreshes;  ///< tried once the idle timeout is bracketed
        control::settings server;
        store::run description;
        std::optional<evidence_watch::settings> evidence;  ///< to gather; none: leave it out
        bool fewer_connections{true};  ///< when the server allows fewer; else that is refused
    };
    /// How it went. `failure` is for people; empty unless it failed.
    struct ending_of_measurement {
        store::run_state state{store::run_state::failed};
        std::optional<store::run_id> id;
        std::string failure;
        bool interrupted{};
        bool bad_input{};  ///< what was asked for cannot work; `failure` says what does
    };

    measurement(boost::asio::io_context& io, const target& server, settings how,
                store::database& into, progress& show);

    /// Until it is over the io_context has work; then `ending()` tells.
    void start();
    /// Ends it in order, with what is known so far.
    void interrupt();
    /// Ends it at once: nothing more is written, and nobody told.
    void abandon();
    /// Called once, when there is nothing left to wait for.
    void when_over(std::function<void()> tell) { when_over_ = std::move(tell); }
    const ending_of_measurement& ending() const { return result_; }
    const run_clock& clock() const { return session_.clock(); }

private:
    // session_events
    void on_begin(const wire::welcome& said) override;
    void on_refused(const std::string& why) override;
    void on_event(const std::string& kind, const std::string& detail) override;
    void on_outage() override;
    void on_outage_over() override;
    void on_opened(connection& here) override;
    void on_open_failed(std::uint32_t number) override;
    void on_settled(const flight& probe, outcome result) override;
    void on_ended(const flight& seen, outcome result) override;
    void on_voided(std::uint32_t number) override;
    void on_late(const flight& probe) override;
    void on_closed(connection& here, const std::string& client_saw) override;
    void on_turn() override;
    std::optional<nanoseconds> wake_at() override;

    void tell(const planner::event& seen);
    snapshot shown_now();
    void draw();
    void refuse(const std::string& why);
    void give_up(const std::string& why);
    void stop();
    void tell_that_it_is_over();
    void finish(store::run_state how);

    boost::asio::io_context& io_;
    settings how_;
    store::database& into_;
    progress& show_;
    session session_;
    std::optional<planner::programme> plan_;
    std::optional<ledger> ledger_;
    std::optional<path_samples> path_samples_;
    evidence_watch evidence_watch_;
    boost::asio::steady_timer draw_timer_;
    bool over_{};
    tally counts_;
    ending_of_measurement result_;
    std::function<void()> when_over_;
};

}  // namespace deadair::prober
