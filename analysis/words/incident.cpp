#include "analysis/words/incident.hpp"

#include "analysis/words/names.hpp"

namespace deadair {

namespace {

// Indexed by the enumerator's value.
constexpr std::array<std::string_view, 16> kind_names{"absolute_age",
                                                      "bindings_lost",
                                                      "box_changed",
                                                      "clock_set",
                                                      "closed",
                                                      "disk_failed",
                                                      "idle_timeout_changed",
                                                      "keepalive_unanswered",
                                                      "late_message",
                                                      "missed_message",
                                                      "outage",
                                                      "path_changed",
                                                      "reset",
                                                      "server_restarted",
                                                      "suspended",
                                                      "upload_failed"};
constexpr std::array<std::string_view, 5> blame_names{"settings", "firewall", "server", "path",
                                                      "this_host"};

}  // namespace

std::string_view to_string(incident_kind value)
{
    return name_of(value, kind_names);
}

std::optional<incident_kind> parse_incident_kind(std::string_view text)
{
    return value_of<incident_kind>(text, kind_names);
}

std::string_view to_string(blame value)
{
    return name_of(value, blame_names);
}

std::optional<blame> parse_blame(std::string_view text)
{
    return value_of<blame>(text, blame_names);
}

}  // namespace deadair
