#include "prober/measure/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "prober/measure/carry_out.hpp"
#include "prober/measure/plan_events.hpp"

namespace deadair::prober {

measurement::measurement(boost::asio::io_context& io, settings how, record& into, progress& show)
    : task{io},
      io_{io},
      with_{std::move(how)},
      into_{into},
      show_{show},
      stay_{with_.stay_at(*this)},
      evidence_watch_{io, with_.evidence, stay_->clock()}
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
    with_.plan.verdict_after = stay_->seen().verdict_after();
    if (with_.plan.connections > said.connections_max && !with_.fewer_connections)
        return refuse(fmt::format(
            "--connections {} is more than the server allows in a session; use at most {}",
            with_.plan.connections, said.connections_max));
    with_.plan.connections = std::min(with_.plan.connections, said.connections_max);
    if (const auto refusal = planner::refuse(with_.plan))
        return refuse(*refusal);
    ledger_.emplace(into_, with_.description);
    plan_.emplace(planner::parts_of({with_.plan, with_.refreshes, with_.delayed_in}));
    path_samples_.emplace(io_, stay_->clock(), stay_->ends(), *ledger_);
    path_samples_->start();
    evidence_watch_.start(*ledger_);
}

void measurement::refuse(const std::string& why)
{
    result().bad_input = true;
    fail(why);
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
        return fail(said.why);
    result().failure = said.why;
    finish(store::run_state::failed);
}

void measurement::hear(const note::happened& said, nanoseconds at)
{
    ledger_->happened(at, said.what, said.detail);
}

void measurement::hear(const note::opened& said, nanoseconds)
{
    if (const auto here = stay_->ends().opened(said.connection))
        ledger_->opened(*here);
}

void measurement::hear(const note::open_failed& said, nanoseconds at)
{
    ledger_->keep(store::refusal{.connection_id = said.connection,
                                 .on = said.on,
                                 .began = said.began,
                                 .failed = at,
                                 .reason = said.why});
}

void measurement::hear(const note::settled& said, nanoseconds at)
{
    ledger_->settled(said.probe, said.result, at);
    count(said.result);
}

// It tells of both directions: the binding, or whoever held it, ended the connection. Where that
// was the server itself, its word for it came, so the binding was there.
void measurement::hear(const note::ended& said, nanoseconds at)
{
    const bool lived = said.seen.by_server && said.result == outcome::closed;
    const auto proved = lived ? outcome::delivered : said.result;
    auto told = said.seen;
    for (const auto way : with_.plan.directions) {
        // A server that holds an answer back is not one that is asked nothing.
        if (way == direction::to_client && with_.delayed_in > nanoseconds{})
            continue;
        told.way = way;
        ledger_->settled(told, proved, at);
        told.probe = stay_->fresh_number();
    }
    count(proved);
}

void measurement::hear(const note::late& said, nanoseconds at)
{
    ledger_->settled(said.probe, outcome::late, at);
}

void measurement::hear(const note::closed& said, nanoseconds at)
{
    const auto last = stay_->ends().facts(said.connection);
    ledger_->sampled(at, fmt::format("connection {}", said.connection),
                     last.value_or(socket_facts{}));
    ledger_->closed(said.connection, said.client_saw, at);
}

// Nothing is shown that is not on disk yet.
void measurement::count(outcome result)
{
    ledger_->when_kept([this, result] { counts_.add(result); });
}

// Nothing is decided by what is not on disk yet.
void measurement::tell(const planner::event& seen)
{
    ledger_->when_kept([this, seen] {
        plan_->on(seen);
        stay_->turn_soon();
    });
}

void measurement::plan()
{
    for (const auto& todo : plan_->act(stay_->now()))
        std::visit([this](const auto& what) { carry_out(*stay_, what); }, todo);
    if (plan_->finished() && stay_->seen().idle())
        finish(store::run_state::finished);
}

std::optional<nanoseconds> measurement::wake_at() const
{
    return plan_->wake_at();
}

snapshot measurement::shown_now()
{
    counts_.opening = stay_->seen().being_opened();
    counts_.waiting = stay_->seen().waiting();
    const auto so_far = plan_->shown();
    snapshot now;
    now.elapsed = stay_->now();
    now.counts = counts_;
    now.outage = stay_->seen().outage();
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
}

void measurement::halt()
{
    stay_->stop();
    show_.finish();
}

void measurement::finish(store::run_state state)
{
    path_samples_->finish();
    stay_->close_all();
    end([this, state] {
        if (with_.evidence) {
            auto now = shown_now();
            now.phase = "evidence";
            now.strata.clear();
            show_.update(now);
        }
        evidence_watch_.finish([this, state] {
            show_.finish();
            ledger_->end(state, how().failure);
            ledger_->when_kept([this] { over(); });
        });
    });
}

}  // namespace deadair::prober
