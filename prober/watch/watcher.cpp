#include "prober/watch/watcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "analysis/words/printable.hpp"
#include "prober/server/resolve.hpp"
#include "prober/session/destroy_later.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

constexpr auto tick_interval = 500ms;
// A server that does not answer is tried again, twice as late each time up to a minute.
constexpr nanoseconds refusal_pause = 2s;
constexpr unsigned refusal_doublings = 5;
// What a disk may still take at the end: whoever stops the machine does not wait for long.
constexpr auto kept_within = 10s;

}  // namespace

watcher::watcher(boost::asio::io_context& io, watch_settings wanted, store::database& known)
    : task{io},
      io_{io},
      wanted_{std::move(wanted)},
      record_{io,
              known.file(),
              {.failing = [this](const std::string& why) { disk_failed(why); },
               .works_again = [this](const std::string& text) { say(text); }},
              endless},
      timer_{io},
      resolver_{io},
      agenda_{wanted_.every, std::nullopt},
      boxes_{io,
             record_,
             measuring_,
             {.say = [this](const std::string& text) { say(text); },
              .changed =
                  [this](const std::string& text) {
                      notice(incident_kind::box_changed, blame::firewall, text);
                  },
              .over =
                  [this] {
                      if (!runs())
                          end_when_all_is_kept();
                  }}}
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
    if (const auto before = known.unfinished_watch(like))
        resume(*before, known);
    else
        watch_ = known.begin_watch(like);
    wanted_.description.watch = watch_;
    if (wanted_.lasting && !until_)
        until_ = *wanted_.lasting;
}

watcher::~watcher() = default;

void watcher::resume(const store::watch& before, const store::database& known)
{
    watch_ = before.id;
    begun_at_ = before.started_at;
    const auto sums = known.sums_of(watch_);
    if (wanted_.lasting) {
        const auto age = age_of_utc(before.started_at).value_or(0ns);
        until_ = std::clamp<nanoseconds>(*wanted_.lasting - age, 0ns, *wanted_.lasting);
    }
    say(fmt::format("goes on with the watch begun at {}: {} messages, {} missed, {} measurements",
                    before.started_at, sums.messages, sums.missed, sums.measurements));
    if (!sums.last_measurement)
        return;
    agenda_ = {wanted_.every, age_of_utc(sums.last_measured_at)};
    boxes_.remember(known.latest_boxes(watch_));
    const auto last = learn(known, *sums.last_measurement);
    measured_ = last.run;
    baseline_ = last.findings;
    take_over(last);
}

void watcher::tick()
{
    if (time_is_over())
        return wind_up();
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
        if (!error && runs())
            tick();
    });
}

// A measurement wants silence, and uploads want the path for themselves.
void watcher::begin_what_is_due()
{
    const auto now = clock_.now();
    const auto why = agenda_.due(now);
    const bool path_is_free = !uploads_ && !measurement_ && !boxes_.under_way();
    if (why && path_is_free)
        begin_measurement(*why);
    else if (wanted_.upload_every && path_is_free && now >= upload_at_)
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

store::run watcher::watch_run() const
{
    auto described = wanted_.description;
    described.command = "watch";
    return described;
}

void watcher::begin_holding()
{
    held_run_.emplace(record_, watch_run());
    held_since_ = clock_.now();
    holding::settings how;
    how.server = control_of(wanted_.server, *server_, wanted_.transports);
    how.plan = {.paths = paths_of(wanted_.server, *server_, wanted_.transports),
                .directions = wanted_.measuring.directions,
                .connections = wanted_.connections,
                .unprotected = 0,
                .idle_timeout = idle_timeout_,
                .idle_reconnect = with_->idle_reconnect,
                .max_age = with_->max_age,
                .open_rate = wanted_.measuring.open_rate,
                .until = std::nullopt,
                .seed = wanted_.seed + ++holds_};
    how.with = *with_;
    holding_ = std::make_unique<holding>(io_, *server_, std::move(how), *this);
    holding_->start();
}

void watcher::end_holding()
{
    if (!holding_)
        return;
    holding_->stop();
    destroy_later(io_, std::move(holding_));
    outage_since_.reset();
    held_run_->end(store::run_state::finished);
}

ledger& watcher::on_begin()
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

void watcher::wind_up()
{
    end([this] {
        if (measurement_)
            measurement_->interrupt();
        if (uploads_)
            uploads_->interrupt();
        boxes_.interrupt();
        end_when_all_is_kept();
    });
}

void watcher::halt()
{
    timer_.cancel();
    resolver_.cancel();
    end_holding();
    end_ageing();
}

// Of the measurement and the uploads that are under way, too.
void watcher::end_when_all_is_kept()
{
    if (measurement_ || uploads_ || boxes_.under_way())
        return;
    if (concludes_)
        record_.write(
            [which = watch_, at = utc_now()](store::database& into) { into.end_watch(which, at); });
    timer_.expires_after(kept_within);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error || is_over())
            return;
        say(fmt::format("{} rows could not be written", record_.waiting()));
        result().gave_up = true;
        over();
    });
    // At once, where nothing waits.
    record_.when_kept([this] {
        timer_.cancel();
        over();
    });
}

void watcher::say(const std::string& text)
{
    measuring_.finish();
    fmt::print("{} {}\n", utc_now(), printable(text));
    (void)std::fflush(stdout);
}

}  // namespace deadair::prober
