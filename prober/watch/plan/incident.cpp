#include "prober/watch/plan/incident.hpp"

#include <array>
#include <utility>

namespace deadair::watch_plan {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t remembered = 64;

// The strongest explanation first.
constexpr std::array<std::pair<incident_kind, blame>, 5> explanations{{
    {incident_kind::suspended, blame::this_host},
    {incident_kind::server_restarted, blame::server},
    {incident_kind::path_changed, blame::path},
    {incident_kind::bindings_lost, blame::firewall},
    {incident_kind::outage, blame::path},
}};

}  // namespace

incident_kind kind_of(outcome result, bool prompted)
{
    switch (result) {
        case outcome::reset:
            return incident_kind::reset;
        case outcome::closed:
            return incident_kind::closed;
        case outcome::late:
            return incident_kind::late_message;
        default:
            return prompted ? incident_kind::missed_message : incident_kind::keepalive_unanswered;
    }
}

void context::happened(incident_kind what, time at)
{
    seen_.push_back({what, at});
    if (seen_.size() > remembered)
        seen_.pop_front();
}

blame context::blame_for(time last_alive, time noticed, blame otherwise) const
{
    for (const auto& [what, whom] : explanations)
        for (const auto& each : seen_)
            if (each.what == what && each.at >= last_alive && each.at <= noticed)
                return whom;
    return otherwise;
}

}  // namespace deadair::watch_plan
