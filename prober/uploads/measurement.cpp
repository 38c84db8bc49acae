#include "prober/uploads/measurement.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <fstream>

namespace deadair::prober::uploads {

namespace {

using namespace std::chrono_literals;

// How often the kernel is asked while something moves.
constexpr nanoseconds sample_every = 20ms;
// How often to look when nothing moves and nothing is due.
constexpr nanoseconds look_every = 500ms;
// How long to wait for the server's figures after a download.
constexpr nanoseconds far_figures_max = 1s;
// However slow the path: no transfer may take longer.
constexpr nanoseconds transfer_time_max = 15min;
// What a transfer takes that nobody has tried yet.
constexpr nanoseconds took_unknown = 1s;

unsigned retries_of_this_host()
{
    unsigned retries = 15;  // Linux's default, should /proc not be there
    std::ifstream{"/proc/sys/net/ipv4/tcp_retries2"} >> retries;
    return retries;
}

transfer_outcome outcome_of(wire::end_cause cause)
{
    switch (cause) {
        case wire::end_cause::reset:
            return transfer_outcome::reset;
        case wire::end_cause::closed:
            return transfer_outcome::closed;
        case wire::end_cause::timed_out:
            return transfer_outcome::timed_out;
        default:
            return transfer_outcome::voided;
    }
}

auto key_of(const trial& what)
{
    return std::tuple{what.on, what.way, what.size};
}

}  // namespace

measurement::measurement(boost::asio::io_context& io, const target& server, settings how,
                         store::database& into)
    : io_{io},
      server_{server},
      how_{std::move(how)},
      into_{into},
      clock_{how_.clock},
      control_{io, server, how_.server, clock_, *this},
      timer_{io},
      retries_{retries_of_this_host()}
{
    const auto fresh = fresh_trials(how_.what);
    fresh_.assign(fresh.begin(), fresh.end());
}

measurement::~measurement() = default;

void measurement::start()
{
    began_ = clock_.now();
    control_.start();
}

void measurement::interrupt()
{
    if (over_)
        return;
    result_.interrupted = true;
    if (result_.id)
        return finish(store::run_state::interrupted);
    result_.failure = "interrupted before the server answered";
    stop();
}

void measurement::abandon()
{
    when_over_ = nullptr;
    for (auto& [number, one] : live_)
        one->on().abort();
    if (!over_)
        stop();
}

void measurement::on_control_up(const wire::welcome&, bool resumed)
{
    if (!result_.id) {
        how_.description.started_at = utc_now();
        result_.id = how_.within ? *how_.within : into_.begin_run(how_.description);
    } else if (!resumed) {
        tickets_.clear();
        drop_all("the server no longer knows the session");
    }
    tickets_asked_ = 0;
    drive();
}

void measurement::on_control_down(const std::string&)
{
    for (auto& [number, one] : live_)
        if (one->moving())
            one->doubt = "the control connection failed while the transfer was under way";
}

void measurement::on_control_failed(const std::string& why)
{
    result_.failure = why;
    stop();
}

void measurement::on_tickets(const wire::tickets& said)
{
    tickets_asked_ -= std::min(tickets_asked_, said.values.size());
    tickets_.insert(tickets_.end(), said.values.begin(), said.values.end());
    drive();
}

void measurement::on_far_state(const wire::state& said)
{
    if (auto* one = find(said.connection)) {
        one->told(said);
        drive();
    }
}

void measurement::on_transferred(const wire::transferred& said)
{
    if (auto* one = find(said.connection); one != nullptr && one->moving()) {
        one->told(said);
        drive();
    }
}

void measurement::on_joined(connection& here)
{
    if (auto* one = find(here.number())) {
        one->joined();
        drive();
    }
}

void measurement::on_bulk(connection& here, std::size_t bytes)
{
    auto* one = find(here.number());
    if (one == nullptr || !one->moving())
        return;
    one->received(bytes);
    if (one->complete() && !one->far_known())
        control_.query(here.number());
}

void measurement::on_drained(connection& here)
{
    if (auto* one = find(here.number()))
        one->drained();
}

void measurement::on_gone(connection& here, wire::end_cause cause, const std::string& why)
{
    auto* one = find(here.number());
    if (one == nullptr || over_)
        return;
    const auto now = clock_.now();
    if (!one->moving()) {
        into_.add(store::event{.run = *result_.id,
                               .at = now,
                               .kind = one->due() ? "ended_idle" : "open_failed",
                               .detail = why});
        settle(*one, {.result = transfer_outcome::voided,
                      .at = now,
                      .doubt = "the connection ended before its transfer: " + why});
    } else {
        one->sample();
        const auto result = outcome_of(cause);
        settle(*one, {.result = result,
                      .at = now,
                      .noticed_by = result == transfer_outcome::voided ? "" : "kernel",
                      .doubt = result == transfer_outcome::voided ? why : ""});
    }
    drive();
}

transfer* measurement::find(std::uint32_t number)
{
    const auto found = live_.find(number);
    return found == live_.end() ? nullptr : found->second.get();
}

void measurement::drive()
{
    if (over_ || !result_.id)
        return;
    const auto now = clock_.now();
    if (how_.what.at_most && now - began_ > *how_.what.at_most) {
        drop_all("there was no more time for it");
        return finish(store::run_state::finished);
    }
    if (!idle_planned_ && fresh_.empty() && to_open_.empty() && live_.empty())
        plan_idle();
    open_due(now);
    open_waiting();
    std::vector<std::uint32_t> numbers;
    for (const auto& [number, one] : live_)
        numbers.push_back(number);
    for (const auto number : numbers)
        if (auto* one = find(number))
            look_at(*one, now);
    if (idle_planned_ && idle_.empty() && to_open_.empty() && live_.empty())
        return finish(store::run_state::finished);
    arm();
}

void measurement::plan_idle()
{
    const auto expected = [this](const trial& what) {
        const auto found = took_.find(key_of(what));
        return found == took_.end() ? nanoseconds{took_unknown} : found->second * 5 / 4;
    };
    const auto all = idle_trials(how_.what, expected);
    idle_.assign(all.begin(), all.end());
    idle_planned_ = true;
    idle_began_ = clock_.now();
}

void measurement::open_due(nanoseconds now)
{
    // The fresh ones follow each other, so that they do not share the path.
    if (!fresh_.empty() && live_.empty() && to_open_.empty()) {
        to_open_.push_back(fresh_.front());
        fresh_.pop_front();
    }
    while (!idle_.empty() && idle_began_ + idle_.front().open_at <= now) {
        to_open_.push_back(idle_.front());
        idle_.pop_front();
    }
}

void measurement::open_waiting()
{
    while (!to_open_.empty() && !tickets_.empty()) {
        const auto what = to_open_.front();
        to_open_.pop_front();
        auto made = std::make_unique<transfer>(what, how_.what, clock_, *this);
        auto& one = *live_.emplace(what.number, std::move(made)).first->second;
        one.open(io_, server_, tickets_.back());
        tickets_.pop_back();
    }
    if (to_open_.size() > tickets_asked_ && control_.up()) {
        tickets_asked_ = std::min<std::size_t>(to_open_.size() + fresh_.size() + idle_.size(),
                                               wire::tickets_max);
        control_.request_tickets(static_cast<std::uint16_t>(tickets_asked_));
    }
}

void measurement::look_at(transfer& one, nanoseconds now)
{
    if (!one.moving()) {
        if (!one.due() || *one.due() > now)
            return;
        auto why = control_.up() ? one.begin(control_) : "the control connection was down";
        if (!why.empty())
            settle(one, {.result = transfer_outcome::voided, .at = now, .doubt = std::move(why)});
        return;
    }
    one.sample();
    const bool upload = one.what().way == transfer_direction::upload;
    if (one.complete()) {
        if (upload || one.far_known() || now - *one.completed_at() > far_figures_max)
            settle(one, {.result = transfer_outcome::completed, .at = now});
        return;
    }
    if (one.refused())
        return settle(one, {.result = transfer_outcome::voided,
                            .at = now,
                            .doubt = "the server refuses to send so much now"});
    if (one.what().guard == write_guard::socket_timeout &&
        one.blocked_for() >= how_.what.socket_timeout)
        return settle(
            one, {.result = transfer_outcome::stalled, .at = now, .noticed_by = "socket_timeout"});
    if (one.stalled_for() >= how_.what.give_up_after)
        settle(one, {.result = transfer_outcome::stalled, .at = now});
    else if (one.so_far(now) >= transfer_time_max)
        settle(one, {.result = transfer_outcome::voided,
                     .at = now,
                     .doubt = "it takes too long for one measurement; name smaller --sizes"});
}

void measurement::settle(transfer& one, ending how)
{
    if (how.result != transfer_outcome::completed && !one.doubt.empty()) {
        how.result = transfer_outcome::voided;
        how.doubt = one.doubt;
    }
    auto row = one.record(how, control_.server_clock(), retries_);
    row.run = *result_.id;
    into_.add(row, one.progress());
    if (how_.show)
        how_.show(row);
    took_[key_of(one.what())] = row.total;
    one.on().abort();
    // It may be in the middle of a call of its own: it is destroyed from the loop.
    const auto found = live_.find(one.what().number);
    boost::asio::post(io_, [this, kept = std::shared_ptr<transfer>(std::move(found->second))] {
        drive();  // the next may begin
    });
    live_.erase(found);
}

void measurement::drop_all(const std::string& why)
{
    while (!live_.empty()) {
        auto& one = *live_.begin()->second;
        settle(one, {.result = transfer_outcome::voided, .at = clock_.now(), .doubt = why});
    }
}

void measurement::arm()
{
    auto wake = clock_.now() + look_every;
    for (const auto& [number, one] : live_) {
        if (one->moving())
            wake = std::min(wake, clock_.now() + sample_every);
        else if (one->due())
            wake = std::min(wake, *one->due());
    }
    if (!idle_.empty())
        wake = std::min(wake, idle_began_ + idle_.front().open_at);
    timer_.expires_at(clock_.at(wake));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            drive();
    });
}

void measurement::finish(store::run_state how)
{
    drop_all("interrupted");
    // Whoever began the run knows how it went; these transfers only lengthen it.
    into_.end_run(*result_.id, how_.within ? store::run_state::finished : how, utc_now(), {});
    stop();
}

void measurement::stop()
{
    over_ = true;
    timer_.cancel();
    control_.stop();
    if (when_over_)
        when_over_();
}

}  // namespace deadair::prober::uploads
