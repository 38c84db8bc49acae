#pragma once

#include <chrono>
#include <string>
#include <variant>

#include "prober/observation/flight.hpp"
#include "prober/observation/opening.hpp"

/// What observation asks for. To be done at once and in order.
namespace deadair::observation {

/// Connect, and join with a ticket: `joined` or `gone` follows.
struct connect {
    connection_id connection{};
    path on;
    opening::ticket admission{};
};
/// `tickets` follow.
struct request_tickets {
    std::uint16_t count{};
};
/// Send a probe to the server on the connection: `said` follows at once.
struct speak {
    probe_id probe{};
    connection_id connection{};
};
/// The witness is to let the far end speak: `spoke` follows.
struct let_speak {
    probe_id probe{};
    connection_id connection{};
    nanoseconds after{};  ///< asked now, on the connection: its silence begins; 0: at once
};
/// The witness is to tell how the far end stands: `far_state` follows.
struct query {
    connection_id connection{};
};
/// From now on `by` passes on the connection, sent by `from`.
struct refresh_connection {
    connection_id connection{};
    means how{};
    std::chrono::milliseconds every{};
};
/// From now on keepalives that go only so many hops pass on the connection, sent by `from`, until
/// something is said on it.
struct refresh_within {
    connection_id connection{};
    refresh_side from{};
    int hops{};
    std::chrono::milliseconds every{};
};
/// End it hard (a reset: an expired binding would leave FIN retransmissions), and forget it.
struct end_connection {
    connection_id connection{};
};
/// The control connection is not to be trusted any more: end it; it comes back by itself.
struct end_control {
    std::string why;
};

using action = std::variant<connect, request_tickets, speak, let_speak, query, refresh_connection,
                            refresh_within, end_connection, end_control>;

}  // namespace deadair::observation
