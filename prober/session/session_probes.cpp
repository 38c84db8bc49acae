// The probes of a session: from the user's word to a verdict that we can vouch for.
#include <fmt/format.h>

#include "prober/session/session.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// How long the server may take to say what it sees, before a verdict is void.
constexpr nanoseconds word_max = 2s;
// The kernel's ages come in jiffies (4 ms at 250 Hz), and acknowledgements take their time.
constexpr nanoseconds kernel_age_tolerance = 60ms;

nanoseconds silence_seen(const wire::socket_facts& facts)
{
    return std::chrono::milliseconds{std::min(
        {facts.since_data_sent_ms, facts.since_data_received_ms, facts.since_ack_received_ms})};
}

// Why the silence that the server broke was none; empty if it was.
std::string disturbance_at_server(const wire::spoke& said, const flight& probe)
{
    if (said.before.unacknowledged != 0)
        return "the server had data unacknowledged";
    const auto silence = silence_seen(said.before);
    if (silence + probe.idle_age_error + kernel_age_tolerance < probe.idle_age)
        return fmt::format("the server's kernel saw a packet {:.3f} s before the probe",
                           to_seconds(silence));
    return {};
}

}  // namespace

void session::probe(std::uint32_t number, std::uint32_t connection, direction way)
{
    flight probe{.probe = number, .connection = connection, .way = way};
    auto* over = find(connection);
    if (over == nullptr || !over->joined() || !control_.up()) {
        probe.sent = clock_.now();
        probe.doubt =
            over == nullptr ? "the connection had ended" : "the control connection is down";
        return settle(std::move(probe), outcome::voided);
    }
    probe.doubt = over->disturbance();
    probe.by = over->refreshed_by();
    probe.from = over->refreshed_from();
    auto& kept = flights_.emplace(number, std::move(probe)).first->second;
    if (way == direction::to_client)
        ask_server(kept);
    else
        send_to_server(kept, *over);
}

// The server is told over the control connection, never over the connection under test: a packet
// from inside could re-create the binding that we want to see.
void session::ask_server(flight& probe)
{
    probe.sent = clock_.now();
    probe.idle_age = probe.sent - find(probe.connection)->idle_since();
    control_.speak(probe.probe, probe.connection);
    set_due(probe, probe.sent + how_.verdict_after);
}

void session::send_to_server(flight& probe, connection& over)
{
    probe.retransmitted_before = over.facts().retransmitted;
    probe.sent = clock_.now();
    over.speak(probe.probe);
    probe.left = true;
    probe.idle_age = probe.sent - over.idle_since();
    probe.idle_age_error = over.idle_error() + control_.server_clock().error();
    set_due(probe, probe.sent + how_.verdict_after);
}

void session::on_spoke(const wire::spoke& said)
{
    const auto found = flights_.find(said.probe);
    auto* over = find(said.connection);
    if (found == flights_.end() || over == nullptr)
        return;
    auto& probe = found->second;
    if (said.cause != wire::end_cause::nothing) {
        probe.doubt = "the server's end of the connection was gone before it could speak";
        return await_word(probe, outcome::voided);
    }
    probe.left = true;
    probe.retransmitted_before = said.before.retransmitted;
    probe.sent = control_.server_clock().to_ours(said.at);
    probe.idle_age = probe.sent - over->idle_since();
    probe.idle_age_error = over->idle_error() + control_.server_clock().error();
    // What keeps a connection alive is no disturbance.
    if (probe.by == refresh::none && !over->kept() && probe.doubt.empty())
        probe.doubt = disturbance_at_server(said, probe);
    if (probe.arrived)
        arrived(probe);
}

void session::on_heard(connection& here, std::uint32_t number)
{
    const auto found = flights_.find(number);
    if (found == flights_.end() || found->second.connection != here.number())
        return came_late(number);
    auto& probe = found->second;
    probe.arrived = clock_.now();
    // The server's report of when it spoke travels beside the probe, and may come after it.
    if (probe.left)
        arrived(probe);
}

void session::on_received(const wire::received& said)
{
    const auto found = flights_.find(said.probe);
    if (found == flights_.end() || found->second.connection != said.connection)
        return came_late(said.probe);
    auto& probe = found->second;
    const auto far = control_.server_clock().to_ours(said.at);
    probe.arrived = std::clamp(far, probe.sent, clock_.now());
    arrived(probe);
}

void session::arrived(flight& probe)
{
    auto* over = find(probe.connection);
    const bool overdue = *probe.arrived > probe.sent + how_.verdict_after;
    if (over == nullptr || overdue)
        return settle(probe, over == nullptr ? outcome::voided : outcome::late);
    // The last packet of the exchange passed between the probe's departure and its arrival.
    const auto half = std::max<nanoseconds>((*probe.arrived - probe.sent) / 2, {});
    over->rest(probe.sent + half, half);
    resting_.emplace_back(clock_.now() + settle_after, probe.connection);
    settle(probe, probe.doubt.empty() ? outcome::delivered : outcome::voided);
}

void session::step_flights(nanoseconds now)
{
    while (!due_.empty() && due_.begin()->first <= now)
        overdue(flights_.at(due_.begin()->second));
}

void session::overdue(flight& probe)
{
    if (probe.candidate) {
        probe.doubt = "the server did not say whether the path works";
        return settle(probe, outcome::voided);
    }
    if (!probe.left)
        probe.doubt = "the server did not say that it spoke";
    await_word(probe, probe.left && probe.doubt.empty() ? outcome::lost : outcome::voided);
}

// Loss is not expiry, and an end may be the server's own: nothing that was not delivered is
// believed before the server has answered over the control connection.
void session::await_word(flight& probe, outcome candidate)
{
    probe.candidate = candidate;
    set_due(probe, clock_.now() + word_max);
    control_.query(probe.connection);
}

void session::on_far_state(const wire::state& said)
{
    auto* found = flight_on(said.connection);
    if (found == nullptr || !found->candidate)
        return;
    auto& probe = *found;
    if (probe.server_saw.empty())
        probe.server_saw = said.open ? "nothing" : "ended";
    const auto* over = find(said.connection);
    if (probe.way == direction::to_client)
        probe.retransmitted = said.open ? said.now.retransmitted - probe.retransmitted_before : 0;
    else if (over != nullptr)
        probe.retransmitted =
            find(said.connection)->facts().retransmitted - probe.retransmitted_before;
    settle(probe, *probe.candidate);
}

// The connection ended, at our end or at the server's. With a probe under way that is its
// outcome; without one the end itself tells of the idle age at which it came.
void session::suspect(std::uint32_t number, outcome how, const std::string& server_saw)
{
    if (auto* probe = flight_on(number)) {
        if (!server_saw.empty())
            probe->server_saw = server_saw;
        if (!probe->candidate || probe->candidate == outcome::lost)
            await_word(*probe, probe->doubt.empty() ? how : outcome::voided);
        return;
    }
    auto& over = *find(number);
    const auto now = clock_.now();
    flight seen{.probe = fresh_number(),
                .connection = number,
                .way = direction::to_client,
                .unprompted = true,
                .by = over.refreshed_by(),
                .from = over.refreshed_from()};
    seen.sent = now;
    seen.left = true;
    seen.idle_age = now - over.idle_since();
    seen.idle_age_error = over.idle_error() + control_.server_clock().error();
    seen.server_saw = server_saw;
    auto& kept = flights_.emplace(seen.probe, std::move(seen)).first->second;
    await_word(kept, how);
}

void session::settle(flight probe, outcome result)
{
    due_.erase({probe.due, probe.probe});
    flights_.erase(probe.probe);
    if (!probe.doubt.empty())
        result = outcome::voided;
    else if (result == outcome::voided)
        probe.doubt = "the connection ended in a way that proves nothing";
    const auto number = probe.connection;
    if (probe.unprompted) {
        user_.on_ended(probe, result);
        close(number, std::string{to_string(result)});
        return turn_soon();
    }
    if (doubt_ == probe.probe)
        return doubt_answered(probe, result);
    if (result == outcome::delivered && probe.by == refresh::none)
        longest_delivered_ = std::max(longest_delivered_, probe.idle_age);
    const auto* over = find(number);
    probe.last_packet = over != nullptr ? over->idle_since() : clock_.now();
    if (over != nullptr && result == outcome::delivered)
        probe.round_trip = std::chrono::microseconds{find(number)->facts().rtt_us};
    user_.on_settled(probe, result);
    if (result == outcome::lost)
        lost_.emplace(probe.probe, std::move(probe));
    turn_soon();
}

void session::came_late(std::uint32_t number)
{
    const auto found = lost_.find(number);
    if (found == lost_.end())
        return;
    auto probe = std::move(found->second);
    lost_.erase(found);
    user_.on_late(probe);
    turn_soon();
}

void session::void_flights(const std::string& why)
{
    while (!flights_.empty()) {
        auto& probe = flights_.begin()->second;
        probe.doubt = why;
        settle(probe, outcome::voided);
    }
}

void session::set_due(flight& probe, nanoseconds at)
{
    due_.erase({probe.due, probe.probe});
    probe.due = at;
    due_.emplace(at, probe.probe);
}

flight* session::flight_on(std::uint32_t number)
{
    for (auto& [id, probe] : flights_)
        if (probe.connection == number)
            return &probe;
    return nullptr;
}

}  // namespace deadair::prober
