#pragma once

#include "prober/planner/age_plan.hpp"
#include "prober/planner/programme.hpp"
#include "prober/record/patient_store.hpp"
#include "prober/session/session.hpp"

namespace deadair::prober {

/// Keeps a few connections busy for days, on a stay of its own at the server, to see whether they
/// are cut at an age. What they tell is written down as probes; the analysis of the watch's
/// measurements reads them.
class ageing final : public session_events {
public:
    struct settings {
        control::settings server;
        planner::plan plan;
        store::run_id run{};  ///< to which it all belongs
    };

    /// @param rows  outlives it
    ageing(boost::asio::io_context& io, const target& server, settings how, patient_store& rows);

    void start() { session_.start(); }
    /// Closes everything; the io_context has no work of this any more.
    void stop();

    /// Nothing more comes of it: the server refused, or no connection is left.
    bool over() const { return refused_ || plan_.finished(); }
    /// How many were cut, once it shows whether that was their age; 0 until then.
    std::uint32_t cut() const { return busy_.unsettled() ? 0 : busy_.cut(); }
    store::run_id run() const { return how_.run; }

private:
    ageing(boost::asio::io_context& io, const target& server, settings how, patient_store& rows,
           std::unique_ptr<planner::age_plan> busy);

    void on_begin(const wire::welcome&) override {}
    void on_refused(const std::string&) override { refused_ = true; }
    void on_event(const std::string& kind, const std::string& detail) override;
    void on_outage() override { plan_.on(planner::outage_began{session_.now()}); }
    void on_outage_over() override { plan_.on(planner::outage_ended{session_.now()}); }
    void on_opened(connection& here) override;
    void on_open_failed(std::uint32_t number) override;
    void on_settled(const flight& probe, outcome result) override;
    void on_ended(const flight& seen, outcome result) override;
    void on_voided(std::uint32_t number) override;
    void on_late(const flight& probe) override;
    void on_closed(connection& here, const std::string& client_saw) override;
    void on_turn() override;
    std::optional<nanoseconds> wake_at() override { return plan_.wake_at(); }

    settings how_;
    patient_store& rows_;
    const planner::age_plan& busy_;
    planner::programme plan_;  // of the busy connections alone
    session session_;
    bool refused_{};
};

}  // namespace deadair::prober
