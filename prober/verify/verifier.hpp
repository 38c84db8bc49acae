#pragma once

#include <functional>
#include <optional>
#include <string>

#include "analysis/store/store.hpp"
#include "prober/hold/verdict.hpp"
#include "prober/record/evidence_watch.hpp"
#include "prober/show/progress.hpp"
#include "prober/verify/holding.hpp"

namespace deadair::prober {

/// How a verification goes.
struct verification_progress final : shown {
    nanoseconds elapsed{};
    nanoseconds expected_end{};
    std::uint32_t open{};
    std::uint32_t delivered{};
    std::uint32_t missed{};
    std::uint32_t voided{};
    std::uint32_t controls_died{};
    bool outage{};

    nanoseconds at() const override { return elapsed; }
    std::vector<std::string> live_lines(std::size_t width) const override;
    std::string plain_line() const override;
    std::string json_line() const override;
};

/// Holds connections with settings, and controls without, and writes down what arrived.
class verifier final : public holding_events {
public:
    /// What is written down beside what was said.
    struct record {
        store::run description;
        std::optional<evidence_watch::settings> evidence;  ///< to gather; none: leave it out
    };
    verifier(boost::asio::io_context& io, const target& server, holding::settings how, record what,
             store::database& into, progress& show);

    void start();
    void interrupt();
    void when_over(std::function<void()> tell) { when_over_ = std::move(tell); }

    std::optional<store::run_id> run() const { return run_; }
    bool interrupted() const { return interrupted_; }
    /// For people; empty unless the server could not be reached, or made it impossible to go on.
    const std::string& failure() const { return failure_; }
    const hold::score& score() const { return score_; }

private:
    store::run_id on_begin() override;
    void on_refused(const std::string& why) override;
    void keep(row what) override { write(into_, what); }
    void on_said(const hold::message& said, const flight& probe, outcome result,
                 connection* over) override;
    void on_ended(connection& here, const flight& seen, outcome result, bool control) override;
    void on_done() override;

    void draw();
    void finish(store::run_state how);
    void stop();
    void tell_that_it_is_over();
    void keep_verdict();

    holding::settings how_;
    store::run description_;
    store::database& into_;
    progress& show_;
    hold::score score_;
    holding holding_;
    evidence_watch evidence_watch_;
    boost::asio::steady_timer draw_timer_;
    std::optional<store::run_id> run_;
    std::string failure_;
    bool interrupted_{};
    bool over_{};
    std::function<void()> when_over_;
};

}  // namespace deadair::prober
