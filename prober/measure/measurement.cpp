#include "prober/measure/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "prober/measure/carry_out.hpp"

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
      session_{io, server, {how_.server, how_.plan.verdict_after}, *this},
      evidence_watch_{io, how_.evidence, session_.clock(), into},
      draw_timer_{io}
{
}

void measurement::start()
{
    session_.start();
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

void measurement::on_begin(const wire::welcome& said)
{
    how_.plan.verdict_after = session_.verdict_after();
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
    path_samples_.emplace(io_, session_.clock(), session_.control_connection(), *ledger_);
    path_samples_->start();
    evidence_watch_.start(*result_.id);
}

void measurement::refuse(const std::string& why)
{
    result_.bad_input = true;
    give_up(why);
}

void measurement::on_refused(const std::string& why)
{
    give_up(why);
}

void measurement::on_event(const std::string& kind, const std::string& detail)
{
    ledger_->happened(session_.now(), kind, detail);
}

void measurement::on_outage()
{
    tell(planner::outage_began{session_.now()});
}

void measurement::on_outage_over()
{
    tell(planner::outage_ended{session_.now()});
}

void measurement::on_opened(connection& here)
{
    ledger_->opened(here);
    tell(planner::opened{here.number(), here.idle_since()});
}

void measurement::on_open_failed(std::uint32_t number)
{
    tell(planner::open_failed{number, session_.now()});
}

void measurement::on_settled(const flight& probe, outcome result)
{
    ledger_->settled(probe, result, session_.now());
    counts_.add(result);
    tell(settled_event(probe, result));
}

// It tells of both directions: the binding, or whoever held it, ended the connection.
void measurement::on_ended(const flight& seen, outcome result)
{
    auto told = seen;
    for (const auto way : how_.plan.directions) {
        told.way = way;
        ledger_->settled(told, result, session_.now());
        told.probe = session_.fresh_number();
    }
    counts_.add(result);
    tell(ended_event(seen, result));
}

void measurement::on_voided(std::uint32_t number)
{
    tell(voided_event(number, session_.now()));
}

void measurement::on_late(const flight& probe)
{
    ledger_->settled(probe, outcome::late, session_.now());
    tell(late_event(probe, session_.now()));
}

void measurement::on_closed(connection& here, const std::string& client_saw)
{
    ledger_->sampled(session_.now(), fmt::format("connection {}", here.number()), here.facts());
    ledger_->closed(here, client_saw, {}, session_.now());
}

// Nothing is decided by what is not on disk yet.
void measurement::tell(const planner::event& seen)
{
    ledger_->when_kept([this, seen] {
        plan_->on(seen);
        session_.turn_soon();
    });
}

void measurement::on_turn()
{
    for (const auto& todo : plan_->act(session_.now()))
        std::visit([this](const auto& what) { carry_out(session_, what); }, todo);
    if (plan_->finished() && session_.idle())
        finish(store::run_state::finished);
}

std::optional<nanoseconds> measurement::wake_at()
{
    return plan_->wake_at();
}

snapshot measurement::shown_now()
{
    counts_.opening = session_.opening();
    counts_.waiting = session_.waiting();
    const auto so_far = plan_->shown();
    snapshot now;
    now.elapsed = session_.now();
    now.counts = counts_;
    now.outage = session_.outage();
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
    session_.stop();
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
    session_.close_all();
    ledger_->end(how, {});
    result_.state = how;
    stop();
    evidence_watch_.finish([this] { tell_that_it_is_over(); });
}

}  // namespace deadair::prober
