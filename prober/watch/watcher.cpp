#include "prober/watch/watcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdio>

#include "analysis/words/printable.hpp"
#include "prober/measure/measured.hpp"
#include "prober/server/resolve.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;
using watch_plan::blame;
using watch_plan::incident_kind;

constexpr auto tick_interval = 500ms;
// How often the server's name is looked up.
constexpr nanoseconds look_up_every = 60s;
constexpr nanoseconds look_up_again = 5s;
// A server that does not answer is tried again, twice as late each time up to a minute.
constexpr nanoseconds refusal_pause = 2s;
constexpr unsigned refusal_doublings = 5;
// After the database refused to begin a run.
constexpr nanoseconds database_pause = 5s;

}  // namespace

watcher::watcher(boost::asio::io_context& io, watch_settings wanted, store::database& into)
    : io_{io},
      wanted_{std::move(wanted)},
      into_{into},
      rows_{into,
            {.failed = [this](const std::string& why) { disk_failed(why); },
             .works_again = [this](const std::string& text) { say(text); }}},
      timer_{io},
      resolver_{io},
      agenda_{wanted_.every, std::nullopt}
{
    store::watch like;
    like.label = wanted_.description.label;
    like.client_host = wanted_.description.client_host;
    like.server_endpoint = wanted_.description.server_endpoint;
    like.started_at = utc_now();
    begun_at_ = like.started_at;
    if (wanted_.with != hold::settings{})
        with_ = wanted_.with;
    idle_timeout_ = wanted_.idle_timeout.value_or(0ns);
    if (const auto known = into_.unfinished_watch(like))
        resume(*known);
    else
        watch_ = into_.begin_watch(like);
    wanted_.description.watch = watch_;
    if (wanted_.lasting && !until_)
        until_ = *wanted_.lasting;
}

watcher::~watcher() = default;

void watcher::resume(const store::watch& known)
{
    watch_ = known.id;
    begun_at_ = known.started_at;
    const auto sums = into_.sums_of(watch_);
    if (wanted_.lasting) {
        const auto age = age_of_utc(known.started_at).value_or(0ns);
        until_ = std::clamp<nanoseconds>(*wanted_.lasting - age, 0ns, *wanted_.lasting);
    }
    say(fmt::format("goes on with the watch begun at {}: {} messages, {} missed, {} measurements",
                    known.started_at, sums.messages, sums.missed, sums.measurements));
    if (!sums.last_measurement)
        return;
    agenda_ = {wanted_.every, age_of_utc(sums.last_measured_at)};
    measured_ = sums.last_measurement;
    baseline_ = into_.findings(*sums.last_measurement);
    take_over(*sums.last_measurement);
}

void watcher::start()
{
    tick();
}

void watcher::tick()
{
    if (time_is_over())
        return conclude();
    if (rows_.flush())
        disk_failed_ = false;
    look_at_host();
    if (!looking_up_ && clock_.now() >= look_up_at_)
        look_up_server();
    if (server_ && with_ && idle_timeout_ > 0ns && !holding_ && clock_.now() >= hold_again_at_)
        begin_holding();
    if (server_ && !outage_since_)
        begin_what_is_due();
    if (ageing_)
        look_at_ageing();
    timer_.expires_after(tick_interval);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error && !over_)
            tick();
    });
}

// A measurement wants silence, and uploads want the path for themselves.
void watcher::begin_what_is_due()
{
    const auto now = clock_.now();
    const auto why = agenda_.due(now);
    if (why && !uploads_)
        begin_measurement(*why);
    else if (wanted_.upload_every && !uploads_ && !measurement_ && now >= upload_at_)
        begin_uploads();
    if (!wanted_.refreshes.empty() && !ageing_ && now >= age_at_)
        begin_ageing();
}

void watcher::look_at_host()
{
    if (const auto step = wall_.was_set(); step != 0ns)
        notice(
            incident_kind::clock_set, blame::this_host,
            fmt::format("the wall clock was set {} by {}; nothing here depends on it",
                        step > 0ns ? "forward" : "back", format_duration(std::chrono::abs(step))));
    if (!server_)
        return;
    const auto port = wanted_.server.ports.front();
    const auto seen =
        local_address_towards(server_->endpoint(server_->address.begin()->first, port));
    // Without a route nothing has moved yet; the outage tells.
    if (!seen || seen == local_)
        return;
    const auto before = std::exchange(local_, seen);
    if (before)
        path_changed(fmt::format("the local address was {} and is {}", before->to_string(),
                                 seen->to_string()));
}

void watcher::look_up_server()
{
    looking_up_ = true;
    const auto [name, port] = name_of(wanted_.server);
    resolver_.async_resolve(
        name, port, [this](const boost::system::error_code& error, const auto& found) {
            looking_up_ = false;
            if (over_)
                return;
            look_up_at_ = clock_.now() + (error ? look_up_again : look_up_every);
            if (!error)
                return server_found(found);
            if (!server_)
                say(fmt::format("the server's name {} cannot be resolved: {}; tried again",
                                wanted_.server.host, error.message()));
        });
}

void watcher::server_found(const net::tcp::resolver::results_type& found)
{
    target seen;
    try {
        seen = target_of(found, wanted_.server);
    } catch (const std::runtime_error& problem) {
        return say(problem.what());
    }
    seen.context = wanted_.context;
    if (!server_) {
        server_ = std::make_unique<target>(std::move(seen));
        return;
    }
    if (seen.address == server_->address)
        return;
    const auto what = fmt::format("the server's address was {} and is {}",
                                  server_->address.begin()->second.to_string(),
                                  seen.address.begin()->second.to_string());
    // Nothing may point to the old one any more.
    end_holding();
    if (measurement_)
        agenda_.ended(false, clock_.now());
    dismiss_measurement();
    dismiss_uploads();
    end_ageing();
    *server_ = std::move(seen);
    path_changed(what);
}

void watcher::path_changed(const std::string& what)
{
    notice(incident_kind::path_changed, blame::path, what);
    agenda_.changed(watch_plan::occasion::path_changed, clock_.now());
    end_holding();
    hold_again_at_ = clock_.now();
    end_ageing();
    age_at_ = clock_.now();
}

std::optional<store::run_id> watcher::begin_run()
{
    auto described = wanted_.description;
    described.command = "watch";
    described.started_at = utc_now();
    try {
        return into_.begin_run(described);
    } catch (const store::store_error& problem) {
        disk_failed(problem.what());
        return std::nullopt;
    }
}

void watcher::end_run(store::run_id which)
{
    try {
        into_.end_run(which, store::run_state::finished, utc_now(), std::nullopt);
    } catch (const store::store_error& problem) {
        disk_failed(problem.what());
    }
}

void watcher::begin_holding()
{
    const auto run = begin_run();
    if (!run) {
        hold_again_at_ = clock_.now() + database_pause;
        return;
    }
    held_run_ = run;
    held_since_ = clock_.now();
    holding::settings how;
    how.server = control_of(wanted_.server, *server_, wanted_.transports);
    how.plan = {.paths = paths_of(wanted_.server, *server_, wanted_.transports),
                .directions = wanted_.measuring.directions,
                .connections = wanted_.connections,
                .controls = 0,
                .idle_timeout = idle_timeout_,
                .idle_reconnect = with_->idle_reconnect,
                .max_age = with_->max_age,
                .open_rate = wanted_.measuring.open_rate,
                .until = std::nullopt,
                .seed = wanted_.seed + static_cast<std::uint64_t>(*held_run_)};
    how.with = *with_;
    holding_ = std::make_unique<holding>(io_, *server_, std::move(how), *this);
    holding_->start();
}

void watcher::end_holding()
{
    if (!holding_)
        return;
    holding_->stop();
    // It may be in the middle of a call of its own: it is destroyed from the loop.
    boost::asio::post(io_, [kept = std::shared_ptr<holding>(std::move(holding_))] {});
    outage_since_.reset();
    end_run(*held_run_);
}

store::run_id watcher::on_begin()
{
    refusals_ = 0;
    say(fmt::format("holds {} connections with {}", wanted_.connections, hold::describe(*with_)));
    return *held_run_;
}

void watcher::on_refused(const std::string& why)
{
    if (refusals_ == 0)
        say(fmt::format("{}; tried again until it answers", why));
    hold_again_at_ = clock_.now() + (1 << std::min(refusals_, refusal_doublings)) * refusal_pause;
    ++refusals_;
    end_holding();
}

void watcher::conclude()
{
    concluded_ = true;
    stop();
}

void watcher::pause()
{
    stop();
}

void watcher::stop()
{
    if (std::exchange(over_, true))
        return;
    timer_.cancel();
    resolver_.cancel();
    end_holding();
    end_ageing();
    if (!rows_.flush())
        say(fmt::format("{} rows could not be written", rows_.waiting()));
    try {
        if (measurement_)
            measurement_->interrupt();
        if (uploads_)
            uploads_->interrupt();
        if (concluded_)
            into_.end_watch(watch_, utc_now());
    } catch (const store::store_error& problem) {
        say(problem.what());
    }
    if (when_over_)
        when_over_();
}

void watcher::say(const std::string& text) const
{
    fmt::print("{} {}\n", utc_now(), printable(text));
    (void)std::fflush(stdout);
}

}  // namespace deadair::prober
