#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "prober/evidence/way.hpp"
#include "prober/hops/errand.hpp"
#include "prober/show/progress.hpp"
#include "prober/task.hpp"

namespace deadair::prober::hops {

/// How it goes.
struct hops_progress final : shown {
    nanoseconds elapsed{};
    nanoseconds expected_end{};
    std::uint32_t open{};
    std::uint32_t delivered{};
    std::uint32_t not_delivered{};
    std::uint32_t voided{};
    bool outage{};

    nanoseconds at() const override { return elapsed; }
    std::vector<std::string> live_lines(std::size_t width) const override;
    std::string plain_line() const override;
    std::string json_line() const override;
};

/// Another server, to tell the near part of the path from the far one.
struct other_path {
    std::string endpoint;    ///< as asked for
    const target* server{};  ///< outlives the measurement
    control::settings how;
    path on;
    int shared_hops{};  ///< that both ways begin with
};

/// Finds out which box on the path forgets, and writes down what it was found by.
class measurement final : public task, public errand_events {
public:
    struct settings {
        hops_plan::plan what;  ///< `from_server`: if it can
        control::settings server;
        std::vector<store::hop> way;
        std::optional<other_path> other;
        store::run description;               ///< of the run to begin
        std::optional<store::run_id> within;  ///< a run that is over, instead
        std::uint32_t numbered_from{};        ///< connections up to this number are in that run
        run_clock clock{};                    ///< that run's
    };
    /// @param into  outlives it, as do the others but `how`
    measurement(boost::asio::io_context& io, const target& server, settings how, record& into,
                progress& show);

    /// Once it is over; none when the server could not be reached.
    std::optional<store::run_id> run() const { return ledger_ ? ledger_->run() : std::nullopt; }

private:
    // task
    void begin() override;
    void draw() override;
    void wind_up() override;
    void halt() override;
    bool hangs() const override { return into_.failing(); }
    // errand_events
    ledger& on_begin(errand& here, std::uint32_t connections_max) override;
    void on_refused(errand& here, const std::string& why) override;
    void on_settled(errand& here, store::hop_probe row) override;
    void on_done(errand& here) override;

    void begin_main(std::uint32_t connections_max);
    void finish(store::run_state state);
    void conclude(store::run_state state);
    void judge(store::hops_found& into);
    void judge_other(store::hop_verdict& into) const;

    settings with_;
    record& into_;
    progress& show_;
    errand main_;
    std::optional<errand> other_;
    std::optional<ledger> ledger_;
    std::vector<std::string> remarks_;
    std::string refusal_;  // of the server: it allows too little
    bool went_on_{};       // after the first round
    bool main_done_{};
    bool other_done_{};
    std::uint32_t last_probe_{};
    hops_progress counts_;
};

/// The way as the table `hops` has it.
std::vector<store::hop> rows_of(const std::vector<evidence::hop>& way,
                                const evidence::peer& server);
/// Why boxes cannot be looked for on it: it does not lead to the server. For people.
std::optional<std::string> way_refused(const std::vector<store::hop>& way);
/// How many hops, known ones, two ways begin with.
int shared_hops(const std::vector<store::hop>& one, const std::vector<store::hop>& other);

}  // namespace deadair::prober::hops
