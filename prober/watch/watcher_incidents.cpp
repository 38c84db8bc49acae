// What goes wrong while a watch holds connections.
#include <fmt/format.h>

#include "prober/watch/watcher.hpp"

namespace deadair::prober {

using observation::happening;

void watcher::on_event(observation::happening what, const std::string& detail)
{
    const auto now = clock_.now();
    switch (what) {
        case happening::outage_began:
            outage_since_ = now;
            context_.happened(incident_kind::outage, now);
            return say(fmt::format("outage: {}", detail));
        case happening::outage_ended:
            if (outage_since_)
                notice(incident_kind::outage, blame::path,
                       fmt::format(
                           "the server was not heard for {}",
                           format_duration(now - *std::exchange(outage_since_, std::nullopt))));
            return;
        case happening::server_restarted:
            return notice(incident_kind::server_restarted, blame::server, detail);
        case happening::suspended:
            return notice(incident_kind::suspended, blame::this_host, detail);
        case happening::bindings_lost:
            notice(incident_kind::bindings_lost, blame::firewall, detail);
            return agenda_.changed(watch_plan::occasion::connections_lost, now);
        default:
            return;
    }
}

void watcher::on_said(const hold::message&, const flight& probe, outcome result, connection* over)
{
    if (over != nullptr && result != outcome::delivered && result != outcome::voided)
        connection_failed(*over, probe, result);
}

void watcher::on_ended(connection& here, const flight& seen, outcome result, bool)
{
    if (result != outcome::voided)
        connection_failed(here, seen, result);
}

void watcher::connection_failed(connection& here, const flight& seen, outcome result)
{
    const auto kind = watch_plan::kind_of(result, !seen.unprompted);
    const auto facts = here.facts();
    const auto unnoticed = holding_->now() - holding_->last_alive(here);
    const auto whom = context_.blame_for(clock_.now() - unnoticed, clock_.now());
    store::incident noticed;
    noticed.at = clock_.now() - held_since_;
    noticed.kind = kind;
    noticed.put_down_to = whom;
    noticed.connection_id = here.number();
    if (!seen.unprompted)
        noticed.way = seen.way;
    noticed.quiet = seen.idle_age;
    noticed.unnoticed = unnoticed;
    noticed.client_saw = std::string{to_string(result)};
    noticed.server_saw = seen.server_saw;
    noticed.round_trip_ms = facts.rtt_us / 1e3;
    noticed.retransmissions = seen.retransmitted;
    noticed.segments_in = facts.segments_in;
    noticed.segments_out = facts.segments_out;
    noticed.detail =
        fmt::format("connection {} ({}), silent for {}{}; last known to work {} before",
                    here.number(), to_string(here.on().kind), format_duration(seen.idle_age),
                    seen.unprompted ? "" : fmt::format(", {}", to_string(seen.way)),
                    format_duration(unnoticed));
    write(std::move(noticed), *held_run_);
    if (whom == blame::settings)
        agenda_.changed(watch_plan::occasion::connections_lost, clock_.now());
}

void watcher::notice(incident_kind what, blame whom, const std::string& detail)
{
    context_.happened(what, clock_.now());
    store::incident noticed;
    noticed.at = clock_.now() - held_since_;
    noticed.kind = what;
    noticed.put_down_to = whom;
    noticed.detail = detail;
    if (holding_) {
        const auto facts = holding_->stay().control_connection().facts();
        noticed.round_trip_ms = facts.rtt_us / 1e3;
        noticed.segments_in = facts.segments_in;
        noticed.segments_out = facts.segments_out;
    }
    // Before the first connection is held there is no run that it could belong to.
    if (held_run_)
        return write(std::move(noticed), *held_run_);
    say(fmt::format("{}: {}", to_string(noticed.kind), noticed.detail));
}

void watcher::disk_failed(const std::string& why)
{
    notice(incident_kind::disk_failed, blame::this_host, why);
}

void watcher::write(store::incident noticed, ledger& into)
{
    say(fmt::format("incident {} ({}): {}", to_string(noticed.kind), to_string(noticed.put_down_to),
                    noticed.detail));
    noticed.noticed_at = utc_now();
    into.keep(std::move(noticed));
}

}  // namespace deadair::prober
