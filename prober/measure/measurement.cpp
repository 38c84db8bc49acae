#include "prober/measure/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "prober/measure/carry_out.hpp"

namespace deadair::prober {

measurement::measurement(boost::asio::io_context& io, const target& server, settings how,
                         record& into, progress& show)
    : task{io},
      io_{io},
      with_{std::move(how)},
      into_{into},
      show_{show},
      stay_{io, server, {with_.server, with_.plan.verdict_after}, *this},
      evidence_watch_{io, with_.evidence, stay_.clock()}
{
}

void measurement::wind_up()
{
    if (ledger_)
        return finish(store::run_state::interrupted);
    fail("interrupted before the server answered");
}

void measurement::hear(const note::begun& said, nanoseconds)
{
    with_.plan.verdict_after = stay_.seen().verdict_after();
    if (with_.plan.connections > said.connections_max && !with_.fewer_connections)
        return refuse(fmt::format(
            "--connections {} is more than the server allows in a session; use at most {}",
            with_.plan.connections, said.connections_max));
    with_.plan.connections = std::min(with_.plan.connections, said.connections_max);
    if (const auto refusal = planner::refuse(with_.plan))
        return refuse(*refusal);
    ledger_.emplace(into_, with_.description);
    begin_ages();
    planner_.emplace(with_.plan);
    refresh_plan_.emplace(planner::refresh_settings{.paths = with_.plan.paths,
                                                    .directions = with_.plan.directions,
                                                    .wanted = with_.refreshes,
                                                    .open_rate = with_.plan.open_rate});
    path_samples_.emplace(io_, stay_.clock(), stay_.control_connection(), *ledger_);
    path_samples_->start();
    evidence_watch_.start(*ledger_);
}

void measurement::refuse(const std::string& why)
{
    result().bad_input = true;
    fail(why);
}

// Busy connections take their places from the search, where it can spare them.
void measurement::begin_ages()
{
    auto rest = with_.plan;
    rest.connections -= std::min(rest.connections, planner::age_plan::connections);
    if (with_.refreshes.empty() || planner::refuse(rest))
        return;
    age_plan_.emplace(with_.plan);
    with_.plan = rest;
}

void measurement::on(const observation::noted& what)
{
    std::visit([&](const auto& said) { hear(said, what.at); }, what.what);
}

// What is known so far stays, as that of a run that failed.
void measurement::hear(const note::failed& said, nanoseconds)
{
    if (!ledger_)
        return fail(said.why);
    result().failure = said.why;
    finish(store::run_state::failed);
}

void measurement::hear(const note::happened& said, nanoseconds at)
{
    ledger_->happened(at, said.what, said.detail);
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
    count(said.result);
    tell(said.probe.connection, settled_event(said.probe, said.result));
}

// It tells of both directions: the binding, or whoever held it, ended the connection.
void measurement::hear(const note::ended& said, nanoseconds at)
{
    auto told = said.seen;
    for (const auto way : with_.plan.directions) {
        told.way = way;
        ledger_->settled(told, said.result, at);
        told.probe = stay_.fresh_number();
    }
    count(said.result);
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
    ledger_->closed(*here, said.client_saw, at);
}

// Nothing is shown that is not on disk yet.
void measurement::count(outcome result)
{
    ledger_->when_kept([this, result] { counts_.add(result); });
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
    if (age_plan_ && !settled())
        for (const auto& todo : age_plan_->act(stay_.now()))
            std::visit(carry, todo);
    if (settled() && stay_.seen().idle())
        finish(store::run_state::finished);
}

// Busy connections are watched for as long as the rest takes.
bool measurement::settled() const
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
    if (!planner_)  // until the server has answered there is nothing to show
        return;
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

void measurement::halt()
{
    stay_.stop();
    show_.finish();
}

void measurement::finish(store::run_state state)
{
    path_samples_->finish();
    stay_.close_all();
    end([this, state] {
        evidence_watch_.finish([this, state] {
            ledger_->end(state, how().failure);
            ledger_->when_kept([this] { over(); });
        });
    });
}

}  // namespace deadair::prober
