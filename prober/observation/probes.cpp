#include "prober/observation/probes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deadair::observation {

namespace {

using namespace std::chrono_literals;

// How long the far end may take to say what it sees, before a verdict is void.
constexpr nanoseconds word_max = 2s;
// Linux sends no segment again before that (TCP_RTO_MIN).
constexpr nanoseconds rto_min = 200ms;

}  // namespace

void probes::ask(probe_id number, connection_id over, direction way, bool heard, time now)
{
    flight probe{.probe = number, .connection = over, .way = way, .asked = now, .sent = now};
    const auto* const here = all_.find_joined(over);
    if (here == nullptr || !heard || by_connection_.contains(over)) {
        probe.doubt = here == nullptr ? "the connection had ended"
                      : !heard        ? "the control connection is down"
                                      : "another probe was under way";
        return settle(std::move(probe), outcome::voided, now);
    }
    probe.doubt = here->quiet.disturbance(all_.facts(over));
    probe.by = here->quiet.by();
    probe.from = here->quiet.from();
    probe.idle_age = now - here->quiet.since();
    probe.verdict_after = patience(over);
    by_connection_.emplace(over, number);
    send(flights_.emplace(number, std::move(probe)).first->second, now);
}

// The far end is told over the control connection, never over the connection under test: a packet
// from inside could re-create the binding that we want to see.
void probes::send(flight& probe, time now)
{
    if (probe.way == direction::to_client)
        actions_.emplace_back(let_speak{probe.probe, probe.connection});
    else
        actions_.emplace_back(speak{probe.probe, probe.connection});
    due_.set(probe.probe, now + probe.verdict_after);
}

nanoseconds probes::patience(connection_id over) const
{
    const auto facts = all_.facts(over).value_or(socket_facts{});
    return patience_.after(std::chrono::microseconds{facts.rto_us});
}

// How long it had been silent when the probe left, as an interval that begins at 0 or later.
void probes::age(flight& probe, time sent)
{
    const auto* const here = all_.find(probe.connection);
    if (here == nullptr)
        return;
    probe.left = true;
    probe.sent = sent;
    const auto between = sent - here->quiet.since();
    const auto error = here->quiet.error() + clock_error_;
    const auto upper = std::max(between + error, 0ns);
    const auto lower = std::clamp(between - error, 0ns, upper);
    probe.idle_age_error = (upper - lower) / 2;
    probe.idle_age = lower + probe.idle_age_error;
}

void probes::on(const said& seen, time at)
{
    auto* const probe = find(seen.probe, seen.connection, direction::to_server);
    if (probe == nullptr || probe->left)
        return;
    probe->retransmitted_before = seen.before.retransmitted;
    age(*probe, at);
    due_.set(probe->probe, at + probe->verdict_after);
}

void probes::on(const spoke& seen, time at)
{
    auto* const probe = find(seen.probe, seen.connection, direction::to_client);
    const auto* const here = all_.find(seen.connection);
    if (probe == nullptr || here == nullptr || probe->left)
        return stray(seen.probe, seen.connection, "says that it spoke");
    if (seen.gone) {
        probe->doubt = "the server's end of the connection was gone before it could speak";
        return await_word(*probe, outcome::voided, at);
    }
    if (!possible(seen.at, seen.error, probe->asked, at)) {
        probe->doubt = "the server says that it spoke at a time at which it cannot have";
        disbelieved_.push_back(fmt::format("probe {}: {}", probe->probe, probe->doubt));
        return await_word(*probe, outcome::voided, at);
    }
    probe->retransmitted_before = seen.before.retransmitted;
    age(*probe, std::clamp(seen.at, probe->asked, at));
    // What keeps a connection alive is no disturbance.
    if (here->quiet.is_silent() && probe->doubt.empty())
        probe->doubt = disturbance_at_far_end(seen.before, probe->idle_age, probe->idle_age_error);
    if (!probe->candidate)
        due_.set(probe->probe, probe->sent + probe->verdict_after);
    if (probe->arrived)
        arrived(*probe, at);
}

void probes::on(const heard& seen, time at)
{
    auto* const probe = find(seen.probe, seen.connection, direction::to_client);
    if (probe == nullptr)
        return stray(seen.probe, seen.connection, "sent a probe");
    if (probe->arrived)
        return;
    probe->arrived = at;
    // The report of when it was sent travels beside it, and may come after it.
    if (probe->left)
        arrived(*probe, at);
}

void probes::on(const received& seen, time at)
{
    auto* const probe = find(seen.probe, seen.connection, direction::to_server);
    if (probe == nullptr || !probe->left)
        return stray(seen.probe, seen.connection, "says that it received a probe");
    if (!possible(seen.at, seen.error, probe->sent, at)) {
        probe->doubt = "the server says that it arrived at a time at which it cannot have";
        disbelieved_.push_back(fmt::format("probe {}: {}", probe->probe, probe->doubt));
    }
    probe->arrived = std::clamp(seen.at, probe->sent, at);
    arrived(*probe, at);
}

bool probes::possible(time at, nanoseconds error, time asked, time now)
{
    return at >= asked - error && at <= now + error;
}

void probes::arrived(flight& probe, time now)
{
    auto* const here = all_.find(probe.connection);
    if (here == nullptr)
        return settle(probe, outcome::voided, now);
    if (*probe.arrived > probe.sent + probe.verdict_after)
        return settle(probe, outcome::late, now);
    // The last packet of the exchange passed between the probe's departure and its arrival.
    const auto half = std::max((*probe.arrived - probe.sent) / 2, 0ns);
    all_.rest(probe.connection, probe.sent + half, half, now);
    settle(probe, outcome::delivered, now);
}

void probes::act(time now)
{
    while (const auto number = due_.take(now))
        if (const auto found = flights_.find(*number); found != flights_.end())
            overdue(found->second, now);
}

void probes::overdue(flight& probe, time now)
{
    if (probe.candidate) {
        probe.doubt = "the server did not say whether the path works";
        return settle(probe, outcome::voided, now);
    }
    if (!probe.left)
        probe.doubt = "the server did not say that it spoke";
    await_word(probe, probe.doubt.empty() ? outcome::lost : outcome::voided, now);
}

void probes::await_word(flight& probe, outcome candidate, time now)
{
    probe.candidate = candidate;
    due_.set(probe.probe, now + word_max);
    queried_.insert(probe.connection);
    actions_.emplace_back(query{probe.connection});
}

void probes::on(const far_state& seen, time at)
{
    if (queried_.erase(seen.connection) == 0) {
        disbelieved_.push_back(
            fmt::format("the server tells of connection {} unasked", seen.connection));
        return;
    }
    auto* const probe = find_on(seen.connection);
    if (probe == nullptr || !probe->candidate)
        return;
    if (probe->server_saw.empty())
        probe->server_saw = seen.open ? "nothing" : "ended";
    else if (seen.open) {
        probe->doubt = "the server says that the connection ended, and that it is open";
        disbelieved_.push_back(fmt::format("connection {}: {}", seen.connection, probe->doubt));
    }
    count_retransmissions(*probe, seen, at);
    settle(*probe, *probe->candidate, at);
}

// Whoever spoke counts them.
void probes::count_retransmissions(flight& probe, const far_state& seen, time now)
{
    if (probe.unprompted || !probe.left)
        return;
    const auto before = probe.retransmitted_before;
    if (probe.way == direction::to_server) {
        if (const auto here = all_.facts(probe.connection))
            probe.retransmitted = here->retransmitted - before;
        return;
    }
    if (!seen.open)
        return;
    const auto possible = static_cast<std::uint64_t>((now - probe.sent) / rto_min) + 1;
    if (seen.now.retransmitted >= before && seen.now.retransmitted - before <= possible) {
        probe.retransmitted = seen.now.retransmitted - before;
        return;
    }
    probe.doubt = "the server's count of what it sent again cannot be";
    disbelieved_.push_back(fmt::format("probe {}: {}", probe.probe, probe.doubt));
}

// With a probe under way the end is its outcome; without one it tells of the idle age at which it
// came.
void probes::ended(connection_id number, outcome how, const std::string& server_saw, time now)
{
    if (auto* const probe = find_on(number)) {
        if (!server_saw.empty())
            probe->server_saw = server_saw;
        if (!probe->candidate || *probe->candidate == outcome::lost)
            await_word(*probe, probe->doubt.empty() ? how : outcome::voided, now);
        return;
    }
    const auto* const here = all_.find_joined(number);
    if (here == nullptr)
        return;
    flight seen{.probe = fresh_number(),
                .connection = number,
                .way = direction::to_client,
                .unprompted = true,
                .by = here->quiet.by(),
                .from = here->quiet.from(),
                .asked = now};
    age(seen, now);
    seen.server_saw = server_saw;
    by_connection_.emplace(number, seen.probe);
    await_word(flights_.emplace(seen.probe, std::move(seen)).first->second, how, now);
}

void probes::settle(flight probe, outcome result, time now)
{
    take_out(probe);
    if (!probe.doubt.empty())
        result = outcome::voided;
    else if (result == outcome::voided)
        probe.doubt = "the connection ended in a way that proves nothing";
    const auto* const here = all_.find(probe.connection);
    probe.last_packet = here != nullptr ? here->quiet.since() : now;
    if (result == outcome::delivered)
        if (const auto facts = all_.facts(probe.connection))
            probe.round_trip = std::chrono::microseconds{facts->rtt_us};
    if (result == outcome::lost && !probe.unprompted)
        lost_.insert_or_assign(probe.connection, probe);
    verdicts_.push_back({.probe = std::move(probe), .result = result});
}

void probes::take_out(const flight& probe)
{
    due_.clear(probe.probe);
    const auto on = by_connection_.find(probe.connection);
    if (on != by_connection_.end() && on->second == probe.probe)
        by_connection_.erase(on);
    settled_.add(probe.probe);
    flights_.erase(probe.probe);
}

// A probe that was called lost has arrived after all; or the far end tells of one that is void
// since, or of none that ever was.
void probes::stray(probe_id number, connection_id over, const char* what)
{
    const auto found = lost_.find(over);
    if (found != lost_.end() && found->second.probe == number) {
        verdicts_.push_back(
            {.probe = std::move(found->second), .result = outcome::late, .taken_back = true});
        lost_.erase(found);
        return;
    }
    if (!settled_.has(number))
        disbelieved_.push_back(fmt::format(
            "the server {} {} on connection {}, for which nobody asked", what, number, over));
}

void probes::void_all(const std::string& why, time now)
{
    while (!flights_.empty()) {
        auto probe = flights_.begin()->second;
        probe.doubt = why;
        settle(std::move(probe), outcome::voided, now);
    }
}

void probes::forget(connection_id number, const std::string& why, time now)
{
    lost_.erase(number);
    auto* const found = find_on(number);
    if (found == nullptr)
        return;
    auto probe = *found;
    if (probe.unprompted)
        return take_out(probe);
    probe.doubt = why;
    settle(std::move(probe), outcome::voided, now);
}

void probes::forget_all()
{
    flights_.clear();
    by_connection_.clear();
    lost_.clear();
    due_ = {};
}

flight* probes::find(probe_id number, connection_id over, direction way)
{
    const auto found = flights_.find(number);
    const bool fits = found != flights_.end() && found->second.connection == over &&
                      found->second.way == way && !found->second.unprompted;
    return fits ? &found->second : nullptr;
}

flight* probes::find_on(connection_id number)
{
    const auto found = by_connection_.find(number);
    if (found == by_connection_.end())
        return nullptr;
    const auto probe = flights_.find(found->second);
    return probe == flights_.end() ? nullptr : &probe->second;
}

}  // namespace deadair::observation
