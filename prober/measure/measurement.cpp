#include "prober/measure/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "prober/measure/carry_out.hpp"
#include "prober/measure/plan_events.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

constexpr auto draw_interval = 100ms;

}  // namespace

measurement::measurement(boost::asio::io_context& io, const target& server, settings how,
                         store::database& into, progress& show)
    : io_{io},
      how_{std::move(how)},
      into_{into},
      show_{show},
      stay_{io, server, {how_.server, how_.plan.verdict_after}, *this},
      evidence_watch_{io, how_.evidence, stay_.clock(), into},
      draw_timer_{io}
{
}

void measurement::start()
{
    stay_.start();
    draw();
}

void measurement::interrupt()
{
    if (over_)
        return;
    if (ledger_)
        return finish(store::run_state::interrupted);
    result_.interrupted = true;
    give_up("interrupted before the server answered");
}

void measurement::abandon()
{
    when_over_ = nullptr;
    if (!over_)
        stop();
}

void measurement::hear(const note::begun& said, nanoseconds)
{
    how_.plan.verdict_after = stay_.seen().verdict_after();
    if (how_.plan.connections > said.connections_max && !how_.fewer_connections)
        return refuse(fmt::format(
            "--connections {} is more than the server allows in a session; use at most {}",
            how_.plan.connections, said.connections_max));
    how_.plan.connections = std::min(how_.plan.connections, said.connections_max);
    if (const auto refusal = planner::refuse(how_.plan))
        return refuse(*refusal);
    how_.description.started_at = utc_now();
    result_.id = into_.begin_run(how_.description);
    ledger_.emplace(io_, into_, *result_.id);
    plan_.emplace(planner::parts_of({how_.plan, how_.refreshes}));
    path_samples_.emplace(io_, stay_.clock(), stay_.control_connection(), *ledger_);
    path_samples_->start();
    evidence_watch_.start(*result_.id);
}

void measurement::refuse(const std::string& why)
{
    result_.bad_input = true;
    give_up(why);
}

void measurement::on(const observation::noted& what)
{
    std::visit([&](const auto& said) { hear(said, what.at); }, what.what);
    if (const auto news = event_of(what))
        tell(*news);
}

// What is known so far stays, as that of a run that failed.
void measurement::hear(const note::failed& said, nanoseconds)
{
    if (!ledger_)
        return give_up(said.why);
    result_.failure = said.why;
    finish(store::run_state::failed);
}

void measurement::hear(const note::happened& said, nanoseconds at)
{
    ledger_->happened(at, std::string{to_string(said.what)}, said.detail);
}

void measurement::hear(const note::opened& said, nanoseconds)
{
    if (auto* const here = stay_.find(said.connection))
        ledger_->opened(*here);
}

void measurement::hear(const note::settled& said, nanoseconds at)
{
    ledger_->settled(said.probe, said.result, at);
    counts_.add(said.result);
}

// It tells of both directions: the binding, or whoever held it, ended the connection.
void measurement::hear(const note::ended& said, nanoseconds at)
{
    auto told = said.seen;
    for (const auto way : how_.plan.directions) {
        told.way = way;
        ledger_->settled(told, said.result, at);
        told.probe = stay_.fresh_number();
    }
    counts_.add(said.result);
}

void measurement::hear(const note::late& said, nanoseconds at)
{
    ledger_->settled(said.probe, outcome::late, at);
}

void measurement::hear(const note::closed& said, nanoseconds at)
{
    auto* const here = stay_.find(said.connection);
    if (here == nullptr)
        return;
    ledger_->sampled(at, fmt::format("connection {}", said.connection), here->facts());
    ledger_->closed(*here, said.client_saw, {}, at);
}

// Nothing is decided by what is not on disk yet.
void measurement::tell(const planner::event& seen)
{
    ledger_->when_kept([this, seen] {
        plan_->on(seen);
        stay_.turn_soon();
    });
}

void measurement::plan()
{
    for (const auto& todo : plan_->act(stay_.now()))
        std::visit([this](const auto& what) { carry_out(stay_, what); }, todo);
    if (plan_->finished() && stay_.seen().idle())
        finish(store::run_state::finished);
}

std::optional<nanoseconds> measurement::wake_at() const
{
    return plan_->wake_at();
}

snapshot measurement::shown_now()
{
    counts_.opening = stay_.seen().opening();
    counts_.waiting = stay_.seen().waiting();
    const auto so_far = plan_->shown();
    snapshot now;
    now.elapsed = stay_.now();
    now.counts = counts_;
    now.outage = stay_.seen().outage();
    now.expected_end = plan_->expected_end();
    now.phase = to_string(so_far.doing);
    for (const auto& each : so_far.brackets)
        now.strata.push_back({each.where, each.survived, each.expired, each.done});
    return now;
}

void measurement::draw()
{
    if (plan_)  // until the server has answered there is nothing to show
        show_.update(shown_now());
    draw_timer_.expires_after(draw_interval);
    draw_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error && !over_)
            draw();
    });
}

void measurement::give_up(const std::string& why)
{
    result_.failure = why;
    stop();
    tell_that_it_is_over();
}

void measurement::stop()
{
    over_ = true;
    draw_timer_.cancel();
    stay_.stop();
    show_.finish();
}

void measurement::tell_that_it_is_over()
{
    if (when_over_)
        when_over_();
}

void measurement::finish(store::run_state how)
{
    path_samples_->finish();
    stay_.close_all();
    ledger_->end(how, result_.failure);
    result_.state = how;
    stop();
    evidence_watch_.finish([this] { tell_that_it_is_over(); });
}

}  // namespace deadair::prober
