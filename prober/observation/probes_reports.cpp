// What either end reports of a probe.
#include <fmt/format.h>

#include <algorithm>

#include "prober/observation/probes.hpp"

namespace deadair::observation {

namespace {

using namespace std::chrono_literals;

// Two clocks go apart by at most 500 ppm each while the last heartbeats came in (adjtimex(2)).
constexpr nanoseconds drift_max = 10ms;
// Linux sends no segment again before that (TCP_RTO_MIN), but for one tail loss probe.
constexpr nanoseconds rto_min = 200ms;

}  // namespace

void probes::on(const said& seen, time at)
{
    // What is to be answered later begins a silence.
    auto* const later = find(seen.probe, seen.connection, direction::to_client);
    if (later != nullptr && later->after > 0ns && !later->left) {
        all_.rest(seen.connection, at, 0ns, at);
        return due_.set(later->probe, at + later->after + answer_max_);
    }
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
    if (seen.gone)
        return gone_before(*probe, at);
    if (!possible(seen.at, seen.error, probe->asked, at)) {
        probe->doubt = "the server says that it spoke at a time at which it cannot have";
        disbelieved_.push_back(fmt::format("probe {}: {}", probe->probe, probe->doubt));
        return await_word(*probe, outcome::voided, at);
    }
    age(*probe, std::clamp(seen.at, probe->asked, at), seen.error);
    if (seen.before) {
        probe->retransmitted_before = seen.before->retransmitted;
        // What keeps a connection alive is no disturbance.
        if (here->quiet.is_silent() && probe->doubt.empty())
            probe->doubt =
                disturbance_at_far_end(*seen.before, probe->idle_age, probe->idle_age_error);
    }
    const auto here_now = all_.facts(seen.connection);
    if (probe->after > 0ns && here_now && here_now->unacknowledged != 0 && probe->doubt.empty())
        probe->doubt = "the question itself did not arrive";
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
    return at >= asked - error - drift_max && at <= now + error + drift_max;
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

// It tells nothing of the connection itself, so what the far end sent again is not known.
void probes::on(const path_works& seen, time at)
{
    auto* const probe = find_on(seen.connection);
    if (queried_.erase(seen.connection) == 0 || probe == nullptr || !probe->candidate)
        return;
    if (!probe->unprompted && probe->left && probe->way == direction::to_server)
        if (const auto here = all_.facts(probe->connection))
            probe->retransmitted = here->retransmitted - probe->retransmitted_before;
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
    const auto possible = static_cast<std::uint64_t>((now - probe.sent) / rto_min) + 2;
    if (seen.now.retransmitted >= before && seen.now.retransmitted - before <= possible) {
        probe.retransmitted = seen.now.retransmitted - before;
        return;
    }
    probe.doubt = "the server's count of what it sent again cannot be";
    disbelieved_.push_back(fmt::format("probe {}: {}", probe.probe, probe.doubt));
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

}  // namespace deadair::observation
