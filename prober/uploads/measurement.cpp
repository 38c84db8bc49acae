#include "prober/uploads/measurement.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "analysis/host/counters.hpp"
#include "prober/session/destroy_later.hpp"
#include "prober/uploads/verdict.hpp"

namespace deadair::prober::uploads {

namespace {

using namespace std::chrono_literals;
using observation::happening;

// How often the kernel is asked while something moves.
constexpr nanoseconds sample_every = 20ms;
// How often to look when nothing moves and nothing is due.
constexpr nanoseconds look_every = 500ms;

}  // namespace

measurement::measurement(boost::asio::io_context& io, const target& server, settings how,
                         record& into)
    : task{io},
      io_{io},
      server_{server},
      with_{std::move(how)},
      into_{into},
      clock_{with_.clock},
      control_{io, server, with_.server, clock_, *this},
      timer_{io},
      retries_{host::tcp_retries()},
      order_{with_.what}
{
}

measurement::~measurement() = default;

void measurement::begin()
{
    began_ = clock_.now();
    control_.start();
}

void measurement::wind_up()
{
    if (ledger_)
        return finish(store::run_state::interrupted);
    fail("interrupted before the server answered");
}

void measurement::halt()
{
    timer_.cancel();
    control_.stop();
    for (auto& [number, one] : live_)
        one->on().abort();
}

void measurement::on_control_up(const wire::welcome&, bool resumed)
{
    if (!ledger_ && with_.within)
        ledger_.emplace(into_, *with_.within);
    else if (!ledger_)
        ledger_.emplace(into_, with_.description);
    else if (!resumed)
        drop_all("the server no longer knows the session");
    opening_.on(observation::opening::control_up{resumed});
    drive();
}

void measurement::on_control_down(const std::string&)
{
    opening_.on(observation::opening::control_down{});
    for (auto& [number, one] : live_)
        if (one->moving())
            one->doubt = "the control connection failed while the transfer was under way";
}

void measurement::on_control_heard()
{
    opening_.on(observation::opening::control_heard{});
    drive();
}

void measurement::on_tickets(const wire::tickets& said)
{
    opening_.on(observation::opening::tickets{said.values}, clock_.now());
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
    opening_.on(observation::opening::joined{here.number()});
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
    if (auto* one = find(here.number()); one != nullptr && runs()) {
        lost(*one, cause, why);
        drive();
    }
}

void measurement::lost(transfer& one, wire::end_cause cause, const std::string& why)
{
    const auto now = clock_.now();
    opening_.on(observation::opening::failed{
        .number = one.what().number, .ticket_sent = one.on().ticket_sent(), .why = why});
    if (one.moving())
        one.sample();
    else
        ledger_->happened(now, one.due() ? happening::ended_idle : happening::open_failed, why);
    settle(one, gone(one, cause, why, now));
}

transfer* measurement::find(std::uint32_t number)
{
    const auto found = live_.find(number);
    return found == live_.end() ? nullptr : found->second.get();
}

void measurement::drive()
{
    if (!runs() || !ledger_)
        return;
    const auto now = clock_.now();
    if (with_.what.at_most && now - began_ > *with_.what.at_most) {
        drop_all("there was no more time for it");
        return finish(store::run_state::finished);
    }
    open_what_is_due(now);
    std::vector<std::uint32_t> numbers;
    for (const auto& [number, one] : live_)
        numbers.push_back(number);
    for (const auto number : numbers)
        if (auto* one = find(number))
            look_at(*one, now);
    if (!runs())
        return;
    if (order_.finished() && to_open_.empty() && live_.empty() && unkept_ == 0)
        return finish(store::run_state::finished);
    arm();
}

void measurement::open_what_is_due(nanoseconds now)
{
    const bool at_rest = to_open_.empty() && live_.empty() && unkept_ == 0;
    for (const auto& each : order_.due(now, at_rest)) {
        to_open_.emplace(each.number, each);
        opening_.want(each.number);
    }
    for (const auto& todo : opening_.act(now))
        std::visit([this](const auto& what) { carry_out(what); }, todo);
}

void measurement::carry_out(const observation::opening::ask_for_tickets& todo)
{
    control_.request_tickets(todo.count);
}

void measurement::carry_out(const observation::opening::connect& todo)
{
    const auto what = to_open_.extract(todo.number).mapped();
    auto made = std::make_unique<transfer>(what, with_.what, clock_, *this);
    auto& one = *live_.emplace(what.number, std::move(made)).first->second;
    one.open(io_, server_, todo.admission);
}

void measurement::carry_out(const observation::opening::give_up& todo)
{
    if (auto* one = find(todo.number)) {
        one->on().abort();
        return lost(*one, wire::end_cause::own, todo.why);
    }
    to_open_.erase(todo.number);
    ledger_->happened(clock_.now(), happening::open_failed, todo.why);
}

void measurement::carry_out(const observation::opening::end& todo)
{
    result().failure = todo.why;
    finish(store::run_state::failed);
}

void measurement::look_at(transfer& one, nanoseconds now)
{
    if (one.moving()) {
        one.sample();
        if (const auto how = ended(one, with_.what, now))
            settle(one, *how);
        return;
    }
    if (!one.due() || *one.due() > now)
        return;
    auto why = control_.up() ? one.begin(control_) : "the control connection was down";
    if (!why.empty())
        settle(one, {.result = transfer_outcome::voided, .at = now, .doubt = std::move(why)});
}

void measurement::settle(transfer& one, ending how)
{
    if (how.result != transfer_outcome::completed && !one.doubt.empty()) {
        how.result = transfer_outcome::voided;
        how.doubt = one.doubt;
    }
    const auto row = one.record(how, control_.server_clock(), retries_);
    ledger_->keep(transferred{row, one.progress()});
    ++unkept_;
    ledger_->when_kept([this, what = one.what(), row] { kept(what, row); });
    one.on().abort();
    opening_.forget(one.what().number);
    destroy_later(io_, std::move(live_.extract(one.what().number).mapped()));
}

// The next may begin: nothing is decided by what is not on disk.
void measurement::kept(const trial& what, const store::upload& row)
{
    --unkept_;
    if (with_.show)
        with_.show(row);
    order_.took(what, row.total);
    boost::asio::post(io_, [this] { drive(); });
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
    for (const auto& due : {order_.wake_at(), opening_.wake_at()})
        wake = std::min(wake, due.value_or(wake));
    timer_.expires_at(clock_.at(wake));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            drive();
    });
}

void measurement::finish(store::run_state state)
{
    drop_all("interrupted");
    end([this, state] {
        // Whoever began the run knows how it went; these transfers only lengthen it.
        ledger_->end(with_.within ? store::run_state::finished : state, how().failure);
        ledger_->when_kept([this] { over(); });
    });
}

}  // namespace deadair::prober::uploads
