#include "prober/observation/probes.hpp"

#include <algorithm>
#include <utility>

namespace deadair::observation {

namespace {

using namespace std::chrono_literals;

// How long the far end may take to say what it sees, before a verdict is void.
constexpr nanoseconds word_max = 2s;
// A server looks at its timers about so exactly.
constexpr nanoseconds crossing = 100ms;

}  // namespace

void probes::ask(const wanted& what, bool heard, time now)
{
    const auto over = what.over;
    flight probe{.probe = what.number,
                 .connection = over,
                 .way = what.way,
                 .asked = now,
                 .after = what.after,
                 .sent = now};
    const auto* const here = all_.find_joined(over);
    if (here == nullptr || !heard || by_connection_.contains(over)) {
        probe.doubt = here == nullptr ? "the connection had ended"
                      : !heard        ? "the control connection is down"
                                      : "another probe was under way";
        return settle(std::move(probe), outcome::voided, now);
    }
    const auto facts = all_.facts(over);
    probe.doubt = here->quiet.disturbance(facts);
    probe.segments_in_before = facts ? facts->segments_in : 0;
    probe.how = here->quiet.how();
    probe.idle_age = now - here->quiet.since();
    probe.verdict_after = patience(over);
    by_connection_.emplace(over, what.number);
    send(flights_.emplace(what.number, std::move(probe)).first->second, now);
}

// The far end is told over the control connection, never over the connection under test: a packet
// from inside could re-create the binding that we want to see.
void probes::send(flight& probe, time now)
{
    if (probe.way == direction::to_client)
        actions_.emplace_back(let_speak{probe.probe, probe.connection, probe.after});
    else
        actions_.emplace_back(speak{probe.probe, probe.connection});
    const bool later = probe.after > 0ns;
    due_.set(probe.probe, now + probe.after + (later ? answer_max_ : probe.verdict_after));
}

nanoseconds probes::patience(connection_id over) const
{
    const auto facts = all_.facts(over).value_or(socket_facts{});
    return patience_.after(std::chrono::microseconds{facts.rto_us});
}

// How long it had been silent when the probe left, as an interval that begins at 0 or later.
// The witness may know its own moment less exactly than it knows the clock.
void probes::age(flight& probe, time sent, nanoseconds known_to)
{
    const auto* const here = all_.find(probe.connection);
    if (here == nullptr)
        return;
    probe.left = true;
    probe.sent = sent;
    const auto between = sent - here->quiet.since();
    const auto error = here->quiet.error() + std::max(clock_error_, known_to);
    const auto upper = std::max(between + error, 0ns);
    const auto lower = std::clamp(between - error, 0ns, upper);
    probe.idle_age_error = (upper - lower) / 2;
    probe.idle_age = lower + probe.idle_age_error;
}

void probes::arrived(flight& probe, time now)
{
    auto* const here = all_.find(probe.connection);
    if (here == nullptr)
        return settle(probe, outcome::voided, now);
    if (*probe.arrived > probe.sent + probe.verdict_after)
        return settle(probe, outcome::late, now);
    if (probe.doubt.empty())
        probe.doubt = sent_meanwhile(probe);
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
    if (may_still_answer(probe, now))
        return;
    if (!probe.left)
        probe.doubt = "the server did not say that it spoke";
    else if (probe.doubt.empty() && something_else_came(probe))
        probe.doubt = "something came on the connection, but not the probe";
    await_word(probe, probe.doubt.empty() ? outcome::lost : outcome::voided, now);
}

// What was acknowledged has passed: it is the server, or what stands before it, that takes its
// time.
bool probes::may_still_answer(flight& probe, time now)
{
    const auto facts = all_.facts(probe.connection);
    const bool passed =
        probe.left && probe.way == direction::to_server && facts && facts->unacknowledged == 0;
    if (!passed || now >= probe.sent + answer_max_)
        return false;
    probe.verdict_after = answer_max_;
    due_.set(probe.probe, probe.sent + answer_max_);
    return true;
}

// What asks for a later answer may be lost, and be sent again during the silence.
std::string probes::sent_meanwhile(const flight& probe) const
{
    const auto facts = all_.facts(probe.connection);
    return probe.after > 0ns && facts
               ? disturbance_by_sender(*facts, probe.idle_age, probe.idle_age_error)
               : std::string{};
}

// Where nothing was to come but the probe, and this end sent nothing.
bool probes::something_else_came(const flight& probe) const
{
    const auto* const here = all_.find(probe.connection);
    return here != nullptr && probe.way == direction::to_client && probe.after == 0ns &&
           here->quiet.is_silent() &&
           all_.facts(probe.connection).value_or(socket_facts{}).segments_in !=
               probe.segments_in_before;
}

void probes::await_word(flight& probe, outcome candidate, time now)
{
    probe.candidate = candidate;
    due_.set(probe.probe, now + word_max);
    queried_.insert(probe.connection);
    actions_.emplace_back(query{probe.connection});
}

// With a probe under way the end is its outcome; without one it tells of the idle age at which it
// came.
void probes::on(const end& seen, time now)
{
    const auto number = seen.connection;
    auto* const here = all_.find_joined(number);
    const bool again = here != nullptr && std::exchange(here->ended, true);
    if (auto* const probe = find_on(number)) {
        if (!seen.server_saw.empty())
            probe->server_saw = seen.server_saw;
        probe->ended = probe->ended.value_or(seen.seen_at.value_or(now));
        // The two crossed on the way: the probe was not answered, and the binding was there.
        if ((seen.by_server || old_enough_to_end(*probe)) && probe->doubt.empty())
            probe->doubt = "the server ended the silence by itself as the probe came";
        if (!probe->candidate || *probe->candidate == outcome::lost)
            await_word(*probe, probe->doubt.empty() ? seen.how : outcome::voided, now);
        return;
    }
    if (here == nullptr)
        return;
    auto ended = unprompted_end(number, seen.seen_at.value_or(now));
    ended.by_server = seen.by_server;
    ended.server_saw = seen.server_saw;
    if (seen.by_server)
        server_ends_at_ = std::min(server_ends_at_, ended.idle_age - ended.idle_age_error);
    by_connection_.emplace(number, ended.probe);
    await_word(flights_.emplace(ended.probe, std::move(ended)).first->second,
               again ? outcome::voided : seen.how, now);
}

// The server's last word is lost where its system answers the probe with a reset first.
bool probes::old_enough_to_end(const flight& probe) const
{
    return probe.idle_age + probe.idle_age_error + crossing >= server_ends_at_;
}

flight probes::unprompted_end(connection_id number, time at)
{
    flight seen{.probe = fresh_number(),
                .connection = number,
                .way = direction::to_client,
                .unprompted = true,
                .how = all_.find(number)->quiet.how(),
                .asked = at};
    age(seen, at);
    return seen;
}

// The far end could not speak any more. If the connection was seen to end, nobody asked for that:
// it is an end by itself, at the age at which it was seen.
void probes::gone_before(flight probe, time now)
{
    const auto how = probe.candidate.value_or(outcome::voided);
    probe.doubt = "the server's end of the connection was gone before it could speak";
    settle(probe, outcome::voided, now);
    if (!probe.ended || how == outcome::voided || all_.find_joined(probe.connection) == nullptr)
        return;
    auto seen = unprompted_end(probe.connection, *probe.ended);
    seen.server_saw = probe.server_saw.empty() ? "ended" : probe.server_saw;
    settle(std::move(seen), how, now);
}

void probes::settle(flight probe, outcome result, time now)
{
    take_out(probe);
    const auto* const here = all_.find(probe.connection);
    if (result != outcome::delivered && here != nullptr && here->quiet.interrupted() &&
        probe.doubt.empty())
        probe.doubt =
            "the path was dark for a while: what was to keep the connection alive did not pass";
    if (!probe.doubt.empty())
        result = outcome::voided;
    else if (result == outcome::voided)
        probe.doubt = "the connection ended in a way that proves nothing";
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
