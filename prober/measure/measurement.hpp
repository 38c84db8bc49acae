#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "prober/planner/programme.hpp"
#include "prober/record/evidence_watch.hpp"
#include "prober/record/ledger.hpp"
#include "prober/record/path_samples.hpp"
#include "prober/session/any_stay.hpp"
#include "prober/show/progress.hpp"
#include "prober/task.hpp"

namespace deadair::prober {

/// One measurement: does what the plan says, and tells it and the ledger what came of it.
/// Decides nothing about idle ages.
class measurement final : public task, public stay_user {
public:
    struct settings {
        planner::plan plan;
        std::vector<means> refreshes;  ///< tried once the idle timeout is bracketed
        nanoseconds delayed_in{};      ///< as `planner::wanted_of_run` has it
        std::function<std::unique_ptr<any_stay>(stay_user&)> stay_at;  ///< begins it
        store::run description;
        std::optional<evidence_watch::settings> evidence;  ///< to gather; none: leave it out
        bool fewer_connections{true};  ///< when the server allows fewer; else that is refused
    };
    /// @param into  outlives it
    measurement(boost::asio::io_context& io, settings how, record& into, progress& show);

    /// Once it is over; none when the server could not be reached.
    std::optional<store::run_id> run() const { return ledger_ ? ledger_->run() : std::nullopt; }
    const run_clock& clock() const { return stay_->clock(); }

private:
    // task
    void begin() override { stay_->start(); }
    void draw() override;
    void wind_up() override;
    void halt() override;
    bool hangs() const override { return into_.failing(); }
    // stay_user
    void on(const observation::noted& what) override;
    void plan() override;
    std::optional<nanoseconds> wake_at() const override;

    void hear(const note::begun& said, nanoseconds at);
    void hear(const note::failed& said, nanoseconds at);
    void hear(const note::happened& said, nanoseconds at);
    void hear(const note::opened& said, nanoseconds at);
    void hear(const note::open_failed& said, nanoseconds at);
    void hear(const note::settled& said, nanoseconds at);
    void hear(const note::ended& said, nanoseconds at);
    void hear(const note::late& said, nanoseconds at);
    void hear(const note::closed& said, nanoseconds at);
    /// Only the plan needs to know.
    template <class Other>
    void hear(const Other& /*said*/, nanoseconds /*at*/)
    {
    }

    void tell(const planner::event& seen);
    snapshot shown_now();
    void count(outcome result);
    void refuse(const std::string& why);
    void finish(store::run_state state);

    boost::asio::io_context& io_;
    settings with_;
    record& into_;
    progress& show_;
    std::unique_ptr<any_stay> stay_;
    std::optional<planner::programme> plan_;
    std::optional<ledger> ledger_;
    std::optional<path_samples> path_samples_;
    evidence_watch evidence_watch_;
    progress_counts counts_;  // of what is on disk
};

}  // namespace deadair::prober
