#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// What a watch notices, and what it is put down to.
namespace deadair {

/// In the order of their words.
enum class incident_kind : std::uint8_t {
    absolute_age,          ///< connections are cut at an age, however busy they are
    bindings_lost,         ///< after an outage, no connection that was open works
    box_changed,           ///< another box forgets, or the same after another time
    clock_set,             ///< this host's wall clock
    closed,                ///< a held connection ended in order
    disk_failed,           ///< the database could not be written
    idle_timeout_changed,  ///< two measurements differ
    keepalive_unanswered,  ///< the kernel gave up on a held connection
    late_message,          ///< it arrived, but long after it was due
    missed_message,        ///< the first message after a silence did not arrive
    outage,                ///< the control connection went silent
    path_changed,          ///< the local or the server's address
    reset,                 ///< a held connection ended with a reset
    server_restarted,
    suspended,      ///< the host slept, or the program was stopped
    upload_failed,  ///< an upload on a new connection stalled or was cut
};
std::string_view to_string(incident_kind value);
std::optional<incident_kind> parse_incident_kind(std::string_view text);

/// What an incident is put down to.
enum class blame : std::uint8_t {
    settings,   ///< the connection died although nothing but its silence happened
    firewall,   ///< it forgot connections that were not due
    server,     ///< restarted
    path,       ///< an outage, or another address
    this_host,  ///< slept, clock, disk
};
std::string_view to_string(blame value);
std::optional<blame> parse_blame(std::string_view text);

}  // namespace deadair
