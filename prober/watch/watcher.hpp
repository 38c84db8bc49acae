#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "prober/measure/measurement.hpp"
#include "prober/record/record.hpp"
#include "prober/task.hpp"
#include "prober/uploads/measurement.hpp"
#include "prober/verify/holding.hpp"
#include "prober/watch/ageing.hpp"
#include "prober/watch/box_search.hpp"
#include "prober/watch/host.hpp"
#include "prober/watch/learned.hpp"
#include "prober/watch/plan/agenda.hpp"
#include "prober/watch/plan/incident.hpp"
#include "prober/watch/watch_settings.hpp"

namespace deadair::prober {

/// Watches a path for days: measures now and then, holds a few connections in between, keeps a few
/// busy, uploads a little, and writes down what goes wrong. It ends only when told, or when its
/// time is over: a server that is away, another address, a full disk are incidents.
class watcher final : public task, public holding_events {
public:
    /// Begins a watch, or goes on with the one that was not ended. @throws store::store_error
    watcher(boost::asio::io_context& io, watch_settings wanted, store::database& known);
    ~watcher() override;

    /// When it is interrupted, the program must end, and the next start goes on; else the user
    /// wants the result.
    void goes_on_later() { concludes_ = false; }
    store::watch_id id() const { return watch_; }

private:
    // task
    void begin() override { tick(); }
    void wind_up() override;
    void halt() override;
    bool hangs() const override { return record_.failing(); }
    // holding_events
    ledger& on_begin() override;
    void on_refused(const std::string& why) override;
    void on_event(observation::happening what, const std::string& detail) override;
    void on_said(const hold::message& said, const flight& probe, outcome result,
                 connection* over) override;
    void on_ended(connection& here, const flight& seen, outcome result, bool unprotected) override;

    void resume(const store::watch& like, const store::database& known);
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
    void concluded(const learned& from, const run_clock& clock);
    /// @return whether it tells anything
    bool learn_from(const learned& from);
    void take_over(const learned& from);
    void compare(const std::vector<estimate::finding>& found);
    void find_box(const learned& from, const run_clock& clock);
    void dismiss_measurement();
    void begin_uploads();
    void conclude_uploads();
    void uploaded(store::run_id run, const std::vector<store::upload>& all);
    void dismiss_uploads();
    void begin_ageing();
    void look_at_ageing();
    void end_ageing();
    store::run watch_run() const;
    void disk_failed(const std::string& why);
    void connection_failed(connection& here, const flight& seen, outcome result);
    void notice(incident_kind what, blame whom, const std::string& detail);
    void write(store::incident noticed, ledger& into);
    void say(const std::string& text);
    bool time_is_over() const { return until_ && clock_.now() >= *until_; }
    void end_when_all_is_kept();

    boost::asio::io_context& io_;
    watch_settings wanted_;
    record record_;
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
    std::optional<ledger> held_run_;  // the latest
    nanoseconds held_since_{}, hold_again_at_{};
    std::uint64_t holds_{};  // begun
    std::unique_ptr<holding> holding_;
    unsigned refusals_{};
    std::optional<nanoseconds> outage_since_;
    std::unique_ptr<uploads::measurement> uploads_;
    nanoseconds uploads_since_{}, upload_at_{}, age_at_{};
    std::unique_ptr<ageing> ageing_;
    std::uint32_t cut_{};  // known of the connections kept busy now
    std::optional<store::run_id> measured_;
    progress measuring_{progress_mode::live_or_none};  // a log has what is said
    std::unique_ptr<prober::measurement> measurement_;
    box_search boxes_;
    bool concludes_{true};
};

}  // namespace deadair::prober
