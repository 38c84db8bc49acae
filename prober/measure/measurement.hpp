#pragma once

#include <optional>
#include <string>

#include "prober/planner/age_plan.hpp"
#include "prober/planner/planner.hpp"
#include "prober/planner/refresh_plan.hpp"
#include "prober/record/evidence_watch.hpp"
#include "prober/record/ledger.hpp"
#include "prober/record/path_samples.hpp"
#include "prober/session/session.hpp"
#include "prober/show/progress.hpp"
#include "prober/task.hpp"

namespace deadair::prober {

/// One measurement: does what the planner says, and tells it and the ledger what came of it.
/// Decides nothing about idle ages.
class measurement final : public task, public session_events {
public:
    struct settings {
        planner::plan plan;
        std::vector<planner::means> refreshes;  ///< tried once the idle timeout is bracketed
        control::settings server;
        store::run description;
        std::optional<evidence_watch::settings> evidence;  ///< to gather; none: leave it out
        bool fewer_connections{true};  ///< when the server allows fewer; else that is refused
    };
    /// @param into  outlives it
    measurement(boost::asio::io_context& io, const target& server, settings how, record& into,
                progress& show);

    /// Once it is over; none when the server could not be reached.
    std::optional<store::run_id> run() const { return ledger_ ? ledger_->run() : std::nullopt; }
    const run_clock& clock() const { return session_.clock(); }

private:
    // task
    void begin() override { session_.start(); }
    void draw() override;
    void wind_up() override;
    void halt() override;
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

    void tell(std::uint32_t number, const planner::event& seen);
    void tell_all(const planner::event& seen);
    void count(outcome result);
    void begin_ages();
    bool settled() const;
    std::optional<nanoseconds> bracketed() const;
    nanoseconds expected_end() const;
    void refuse(const std::string& why);
    void finish(store::run_state state);

    boost::asio::io_context& io_;
    settings with_;
    record& into_;
    progress& show_;
    session session_;
    std::optional<planner::planner> planner_;
    std::optional<planner::refresh_plan> refresh_plan_;
    std::optional<planner::age_plan> age_plan_;
    std::optional<ledger> ledger_;
    std::optional<path_samples> path_samples_;
    evidence_watch evidence_watch_;
    tally counts_;  // of what is on disk
};

}  // namespace deadair::prober
