#pragma once

#include <functional>
#include <optional>
#include <string>

#include "prober/planner/programme.hpp"
#include "prober/record/evidence_watch.hpp"
#include "prober/record/ledger.hpp"
#include "prober/record/path_samples.hpp"
#include "prober/session/stay.hpp"
#include "prober/show/progress.hpp"

namespace deadair::prober {

/// One measurement: does what the plan says, and tells it and the ledger what came of it.
/// Decides nothing about idle ages.
class measurement final : public stay_user {
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
    const run_clock& clock() const { return stay_.clock(); }

private:
    // stay_user
    void on(const observation::noted& what) override;
    void plan() override;
    std::optional<nanoseconds> wake_at() const override;

    void hear(const note::begun& said, nanoseconds at);
    void hear(const note::failed& said, nanoseconds at);
    void hear(const note::happened& said, nanoseconds at);
    void hear(const note::opened& said, nanoseconds at);
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
    stay stay_;
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
