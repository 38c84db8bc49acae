#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "prober/measure/measurement.hpp"
#include "prober/record/patient_store.hpp"
#include "prober/server/server_options.hpp"
#include "prober/uploads/measurement.hpp"
#include "prober/verify/holding.hpp"
#include "prober/watch/ageing.hpp"
#include "prober/watch/host.hpp"
#include "prober/watch/plan/agenda.hpp"
#include "prober/watch/plan/incident.hpp"

namespace deadair::prober {

/// What a watch is to do.
struct watch_settings {
    server_options server;
    std::vector<transport> transports;
    planner::plan measuring;       ///< without its paths
    std::vector<means> refreshes;  ///< tried by each measurement; none: no ages, either
    hold::settings with;           ///< given; nothing set: as each measurement recommends
    bool evidence{true};           ///< gathered with each measurement
    std::optional<nanoseconds> idle_timeout;  ///< assumed; else as measured
    std::uint32_t connections{};              ///< held between the measurements
    nanoseconds every{};
    std::optional<nanoseconds> upload_every;
    std::optional<nanoseconds> lasting;
    std::uint64_t seed{};
    store::run description;  ///< of each of its runs
    SSL_CTX* context{};      ///< outlives it
};

/// Watches a path for days: measures now and then, holds a few connections in between, keeps a few
/// busy, uploads a little, and writes down what goes wrong. It ends only when told, or when its
/// time is over: a server that is away, another address, a full disk are incidents.
class watcher final : public holding_events {
public:
    /// Begins a watch, or goes on with the one that was not ended. @throws store::store_error
    watcher(boost::asio::io_context& io, watch_settings wanted, store::database& into);
    ~watcher() override;

    void start();
    /// Its time is over, or the user wants the result.
    void conclude();
    /// The program must end; the next start goes on.
    void pause();
    void when_over(std::function<void()> tell) { when_over_ = std::move(tell); }
    /// The database failed while a measurement or an upload wrote to it: they are lost.
    void writing_failed(const std::string& why);

    bool concluded() const { return concluded_; }
    bool time_is_over() const { return until_ && clock_.now() >= *until_; }
    /// All of the watch, what came before a restart included. @throws store::store_error
    store::watch_sums sums() const { return into_.sums_of(watch_); }

private:
    // holding_events
    store::run_id on_begin() override;
    void on_refused(const std::string& why) override;
    void keep(row what) override { rows_.add(std::move(what)); }
    void on_event(observation::happening what, const std::string& detail) override;
    void on_said(const hold::message& said, const flight& probe, outcome result,
                 connection* over) override;
    void on_ended(connection& here, const flight& seen, outcome result, bool control) override;

    void resume(const store::watch& like);
    void tick();
    void begin_what_is_due();
    void look_at_host();
    void look_up_server();
    void server_found(const net::tcp::resolver::results_type& found);
    void path_changed(const std::string& what);
    void begin_holding();
    void end_holding();
    void begin_measurement(watch_plan::occasion why);
    void conclude_measurement();
    /// @return whether it tells anything
    bool learn_from(store::run_id measured, const std::vector<estimate::finding>& found);
    void take_over(store::run_id measured);
    void compare(const std::vector<estimate::finding>& found);
    void dismiss_measurement();
    void begin_uploads();
    void conclude_uploads();
    void dismiss_uploads();
    void begin_ageing();
    void look_at_ageing();
    void end_ageing();
    std::optional<store::run_id> begin_run();
    void end_run(store::run_id which);
    void disk_failed(const std::string& why);
    void connection_failed(connection& here, const flight& seen, outcome result);
    void notice(watch_plan::incident_kind what, watch_plan::blame whom, const std::string& detail);
    void write(store::incident noticed);
    void say(const std::string& text) const;
    void stop();

    boost::asio::io_context& io_;
    watch_settings wanted_;
    store::database& into_;
    patient_store rows_;
    run_clock clock_;
    wall_clock_watch wall_;
    boost::asio::steady_timer timer_;
    net::tcp::resolver resolver_;
    nanoseconds look_up_at_{};
    bool looking_up_{};

    store::watch_id watch_{};
    std::string begun_at_;  // UTC, by its first start
    std::optional<nanoseconds> until_;
    watch_plan::agenda agenda_;
    watch_plan::context context_;

    std::unique_ptr<target> server_;  // nullptr until its name was looked up
    std::optional<boost::asio::ip::address> local_;
    std::optional<hold::settings> with_;  // in force
    nanoseconds idle_timeout_{};
    std::vector<estimate::finding> baseline_;

    std::unique_ptr<holding> holding_;
    std::optional<store::run_id> held_run_;
    nanoseconds held_since_{};
    nanoseconds hold_again_at_{};
    unsigned refusals_{};
    std::optional<nanoseconds> outage_since_;

    std::unique_ptr<uploads::measurement> uploads_;
    nanoseconds uploads_since_{};
    nanoseconds upload_at_{};

    std::unique_ptr<ageing> ageing_;
    nanoseconds age_at_{};
    std::uint32_t cut_{};  // known of the connections kept busy now
    std::optional<store::run_id> measured_;

    bool disk_failed_{};
    progress quiet_{progress_mode::none};
    std::unique_ptr<prober::measurement> measurement_;
    bool over_{};
    bool concluded_{};
    std::function<void()> when_over_;
};

}  // namespace deadair::prober
