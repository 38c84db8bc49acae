#include "prober/watch/plan/incident.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deadair::watch_plan {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t remembered = 64;

constexpr std::array<std::pair<incident_kind, std::string_view>, 15> kinds{{
    {incident_kind::missed_message, "missed_message"},
    {incident_kind::late_message, "late_message"},
    {incident_kind::reset, "reset"},
    {incident_kind::closed, "closed"},
    {incident_kind::keepalive_unanswered, "keepalive_unanswered"},
    {incident_kind::outage, "outage"},
    {incident_kind::bindings_lost, "bindings_lost"},
    {incident_kind::server_restarted, "server_restarted"},
    {incident_kind::path_changed, "path_changed"},
    {incident_kind::idle_timeout_changed, "idle_timeout_changed"},
    {incident_kind::absolute_age, "absolute_age"},
    {incident_kind::upload_failed, "upload_failed"},
    {incident_kind::suspended, "suspended"},
    {incident_kind::clock_set, "clock_set"},
    {incident_kind::disk_failed, "disk_failed"},
}};

// The strongest explanation first.
constexpr std::array<std::pair<incident_kind, blame>, 5> explanations{{
    {incident_kind::suspended, blame::this_host},
    {incident_kind::server_restarted, blame::server},
    {incident_kind::path_changed, blame::path},
    {incident_kind::bindings_lost, blame::firewall},
    {incident_kind::outage, blame::path},
}};

}  // namespace

std::string_view to_string(incident_kind value)
{
    return std::ranges::find(kinds, value, &std::pair<incident_kind, std::string_view>::first)
        ->second;
}

std::optional<incident_kind> parse_incident_kind(std::string_view text)
{
    const auto* const found =
        std::ranges::find(kinds, text, &std::pair<incident_kind, std::string_view>::second);
    return found == kinds.end() ? std::nullopt : std::optional{found->first};
}

std::string_view to_string(blame value)
{
    constexpr std::array<std::string_view, 5> names{"settings", "firewall", "server", "path",
                                                    "this_host"};
    return names.at(static_cast<std::size_t>(value));
}

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
