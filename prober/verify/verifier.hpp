#pragma once

#include <optional>

#include "prober/hold/verdict.hpp"
#include "prober/record/evidence_watch.hpp"
#include "prober/show/progress.hpp"
#include "prober/task.hpp"
#include "prober/verify/holding.hpp"

namespace deadair::prober {

/// Holds connections with settings, and controls without, and writes down what arrived.
class verifier final : public task, public holding_events {
public:
    /// What is written down beside what was said.
    struct described {
        store::run run;
        std::optional<evidence_watch::settings> evidence;  ///< to gather; none: leave it out
    };
    /// @param into  outlives it
    verifier(boost::asio::io_context& io, const target& server, holding::settings how,
             described what, record& into, progress& show);

    /// Once it is over; none when the server could not be reached.
    std::optional<store::run_id> run() const { return ledger_ ? ledger_->run() : std::nullopt; }
    /// Of what is on disk.
    const hold::score& score() const { return score_; }

private:
    // task
    void begin() override { holding_.start(); }
    void draw() override;
    void wind_up() override;
    void halt() override;
    bool hangs() const override { return into_.failing(); }
    // holding_events
    ledger& on_begin() override;
    void on_refused(const std::string& why) override;
    void on_said(const hold::message& said, const flight& probe, outcome result,
                 connection* over) override;
    void on_ended(connection& here, const flight& seen, outcome result, bool unprotected) override;
    void on_done() override { finish(store::run_state::finished); }

    void finish(store::run_state state);
    void conclude(store::run_state state);
    void keep_verdict();

    holding::settings with_;
    described what_;
    record& into_;
    progress& show_;
    hold::score score_;
    holding holding_;
    std::optional<ledger> ledger_;
    evidence_watch evidence_watch_;
};

}  // namespace deadair::prober
