#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

namespace deadair::watch_plan {

using time = nanoseconds;

/// What was noticed.
enum class incident_kind : std::uint8_t {
    missed_message,        ///< the first message after a silence did not arrive
    late_message,          ///< it arrived, but long after it was due
    reset,                 ///< a held connection ended with a reset
    closed,                ///< or in order
    keepalive_unanswered,  ///< the kernel gave up on a held connection
    outage,                ///< the control connection went silent
    bindings_lost,         ///< after an outage, no connection that was open works
    server_restarted,
    path_changed,  ///< the local or the server's address
    idle_timeout_changed,
    absolute_age,   ///< connections are cut at an age, however busy they are
    upload_failed,  ///< an upload on a new connection stalled or was cut
    suspended,      ///< the host slept, or the program was stopped
    clock_set,
    disk_failed,
};
std::string_view to_string(incident_kind value);
std::optional<incident_kind> parse_incident_kind(std::string_view text);

/// What it is put down to.
enum class blame : std::uint8_t {
    settings,   ///< the connection died although nothing but its silence happened
    firewall,   ///< it forgot connections that were not due
    server,     ///< restarted
    path,       ///< an outage, or another address
    this_host,  ///< slept, clock, disk
};
std::string_view to_string(blame value);

/// What a held connection's failure is called.
/// @param prompted  a message was under way; else the connection ended by itself
incident_kind kind_of(outcome result, bool prompted);

/// Remembers what else happened, to tell why a connection failed.
class context {
public:
    void happened(incident_kind what, time at);
    /// @param last_alive  when the connection was last known to work
    /// @param otherwise   when nothing else happened since
    blame blame_for(time last_alive, time noticed, blame otherwise = blame::settings) const;

private:
    struct memory {
        incident_kind what{};
        time at{};
    };
    std::deque<memory> seen_;  // the latest few
};

}  // namespace deadair::watch_plan
