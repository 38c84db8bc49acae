#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "prober/observation/opening.hpp"
#include "prober/observation/witness.hpp"

/// What observation is told, each with the time at which it was seen.
namespace deadair::observation {

/// The loop woke up. To be told before what was seen meanwhile.
struct woke {
    time expected{};      ///< when it had asked to be woken at the latest
    nanoseconds slept{};  ///< the host, since the last time
};

// The control connection.

/// The server proved itself, for the first time or again.
struct control_up {
    bool resumed{};  ///< it still knows our session and its connections
    std::uint32_t connections_max{};
};
/// It is silent or gone, and comes back by itself: `control_up` or `control_heard` follows.
struct control_down {
    std::string why;
    time worked_at{};  ///< when the path was last known to work
};
/// It was silent, and is heard again on the same connection.
struct control_heard {};
/// It cannot come up: only before the first `control_up`.
struct control_failed {
    std::string why;
};
/// A heartbeat came back.
struct control_measured {
    nanoseconds rto{};          ///< the kernel's retransmission timeout there
    nanoseconds clock_error{};  ///< of the witness's times
};
/// The server gives tickets, each of which admits one connection.
struct tickets {
    std::vector<opening::ticket> values;
};

// This end of the connections under test.

/// The server took it: it is open, and silent from now on.
struct joined {
    connection_id connection{};
};
/// Our probe was handed to the kernel.
struct said {
    probe_id probe{};
    connection_id connection{};
    socket_facts before;  ///< just before
};
/// The server's probe arrived.
struct heard {
    probe_id probe{};
    connection_id connection{};
};
/// It ended by itself, or could not be opened.
struct gone {
    connection_id connection{};
    outcome how{};  ///< `reset`, `closed`, `lost` (the kernel gave up) or `voided`
    std::string why;
    bool ticket_sent{};  ///< false: its ticket is as good as new
    /// A server of another make, or what ends TLS for it, ended the silence by itself. `how` is
    /// `closed` even if it only spoke: nothing more can be learned from this silence.
    bool by_server{};
    std::string server_saw{};       ///< "closed" or "spoke" then
    std::optional<time> seen_at{};  ///< surely not later, if that was before now
};

using event = std::variant<woke, control_up, control_down, control_heard, control_failed,
                           control_measured, tickets, joined, said, heard, gone, spoke, received,
                           far_ended, far_state, path_works>;

}  // namespace deadair::observation
