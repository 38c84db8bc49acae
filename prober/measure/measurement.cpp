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
    begin_ages();
    planner_.emplace(how_.plan);
    refresh_plan_.emplace(planner::refresh_settings{.paths = how_.plan.paths,
                                                    .directions = how_.plan.directions,
                                                    .wanted = how_.refreshes,
                                                    .open_rate = how_.plan.open_rate});
    path_samples_.emplace(io_, stay_.clock(), stay_.control_connection(), *ledger_);
    path_samples_->start();
    evidence_watch_.start(*result_.id);
}

void measurement::refuse(const std::string& why)
{
    result_.bad_input = true;
    give_up(why);
}

// Busy connections take their places from the search, where it can spare them.
void measurement::begin_ages()
{
    auto rest = how_.plan;
    rest.connections -= std::min(rest.connections, planner::age_plan::connections);
    if (how_.refreshes.empty() || planner::refuse(rest))
        return;
    age_plan_.emplace(how_.plan);
    how_.plan = rest;
}

void measurement::on(const observation::noted& what)
{
    std::visit([&](const auto& said) { hear(said, what.at); }, what.what);
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

void measurement::hear(const note::outage_began&, nanoseconds at)
{
    tell_all(planner::outage_began{at});
}

void measurement::hear(const note::outage_over&, nanoseconds at)
{
    tell_all(planner::outage_ended{at});
}

void measurement::hear(const note::opened& said, nanoseconds)
{
    if (auto* const here = stay_.find(said.connection))
        ledger_->opened(*here);
    tell(said.connection, planner::opened{said.connection, said.idle_since});
}

void measurement::hear(const note::open_failed& said, nanoseconds at)
{
    tell(said.connection, planner::open_failed{said.connection, at});
}

void measurement::hear(const note::settled& said, nanoseconds at)
{
    ledger_->settled(said.probe, said.result, at);
    counts_.add(said.result);
    tell(said.probe.connection, settled_event(said.probe, said.result));
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
    tell(said.seen.connection, ended_event(said.seen, said.result));
}

void measurement::hear(const note::voided& said, nanoseconds at)
{
    tell(said.connection, voided_event(said.connection, at));
}

void measurement::hear(const note::late& said, nanoseconds at)
{
    ledger_->settled(said.probe, outcome::late, at);
    tell(said.probe.connection, late_event(said.probe, at));
}

void measurement::hear(const note::closed& said, nanoseconds at)
{
    auto* const here = stay_.find(said.connection);
    if (here == nullptr)
        return;
    ledger_->sampled(at, fmt::format("connection {}", said.connection), here->facts());
    ledger_->closed(*here, said.client_saw, {}, at);
}

// Nothing is decided by what is not on disk yet. The refreshed and the busy connections have
// numbers of their own.
void measurement::tell(std::uint32_t number, const planner::event& seen)
{
    ledger_->when_kept([this, number, seen] {
        if (age_plan_ && number >= planner::age_plan::numbers_from)
            age_plan_->on(seen);
        else if (number >= planner::refresh_plan::first_connection)
            refresh_plan_->on(seen);
        else
            planner_->on(seen);
        stay_.turn_soon();
    });
}

void measurement::tell_all(const planner::event& seen)
{
    ledger_->when_kept([this, seen] {
        planner_->on(seen);
        refresh_plan_->on(seen);
        if (age_plan_)
            age_plan_->on(seen);
        stay_.turn_soon();
    });
}

void measurement::plan()
{
    const auto carry = [this](const auto& what) { carry_out(stay_, what); };
    for (const auto& todo : planner_->act(stay_.now()))
        std::visit(carry, todo);
    if (const auto expired = bracketed(); expired && !refresh_plan_->begun())
        refresh_plan_->begin(stay_.now(), *expired);
    for (const auto& todo : refresh_plan_->act(stay_.now()))
        std::visit(carry, todo);
    if (age_plan_ && !over())
        for (const auto& todo : age_plan_->act(stay_.now()))
            std::visit(carry, todo);
    if (over() && stay_.seen().idle())
        finish(store::run_state::finished);
}

// Busy connections are watched for as long as the rest takes.
bool measurement::over() const
{
    const bool refreshed = !refresh_plan_->begun() || refresh_plan_->finished();
    return planner_->finished() && refreshed && !(age_plan_ && age_plan_->unsettled());
}

// The idle age by which a silent connection is gone, once the planner has its answer.
std::optional<nanoseconds> measurement::bracketed() const
{
    std::optional<nanoseconds> shortest;
    if (planner_->now_in() >= planner::phase::verifying)
        for (const auto& each : planner_->brackets())
            if (each.expired)
                shortest = std::min(shortest.value_or(*each.expired), *each.expired);
    return shortest;
}

std::optional<nanoseconds> measurement::wake_at() const
{
    std::optional<nanoseconds> soonest;
    for (const auto& each : {refresh_plan_->wake_at(), planner_->wake_at(),
                             age_plan_ ? age_plan_->wake_at() : std::nullopt})
        if (each)
            soonest = std::min(soonest.value_or(*each), *each);
    return soonest;
}

nanoseconds measurement::expected_end() const
{
    const auto search = planner_->expected_end();
    const bool refreshing = refresh_plan_->begun() && !refresh_plan_->finished();
    return refreshing ? std::max(search, refresh_plan_->expected_end()) : search;
}

void measurement::draw()
{
    if (planner_) {  // until the server has answered there is nothing to show
        counts_.opening = stay_.seen().opening();
        counts_.waiting = stay_.seen().waiting();
        snapshot now;
        now.elapsed = stay_.now();
        now.counts = counts_;
        now.outage = stay_.seen().outage();
        now.expected_end = expected_end();
        now.brackets = planner_->brackets();
        now.phase = planner_->now_in();
        show_.update(now);
    }
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
