#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "prober/observation/flight.hpp"

/// What came of it, for whoever owns the loop.
namespace deadair::observation {

/// What else is written down: the kinds of the table `events`.
enum class happening : std::uint8_t {
    outage_began,
    outage_ended,
    open_failed,
    server_restarted,
    suspended,          ///< the host slept, or the program was stopped
    bindings_survived,  ///< a connection from before an outage still works
    bindings_lost,      ///< it does not, although it was not silent for too long
    bindings_in_doubt,  ///< no connection can tell
    disbelieved,        ///< what the far end reported cannot be
    ended_idle,         ///< a connection, before the transfer that it was opened for
};
std::string_view to_string(happening value);

namespace note {

/// The server answered: connections may be opened. Once.
struct begun {
    std::uint32_t connections_max{};
};
/// Nothing more comes: the server did not answer as it should.
struct failed {
    std::string why;
};
struct happened {
    happening what{};
    std::string detail;
};
/// Between the two nothing is sent, and what was under way is void.
struct outage_began {};
struct outage_over {};
struct opened {
    connection_id connection{};
    time idle_since{};
};
struct open_failed {
    connection_id connection{};
    path on;
    time began{};
    std::string why;
};
/// A verdict.
struct settled {
    flight probe;
    outcome result{};
};
/// A connection ended by itself; `closed` follows.
struct ended {
    flight seen;
    outcome result{};
};
/// Nobody can vouch for its idle age any more; `closed` follows.
struct voided {
    connection_id connection{};
};
/// A probe that was called lost has arrived.
struct late {
    flight probe;
};
/// Only of one that was opened. It is there until the actions that follow are done.
struct closed {
    connection_id connection{};
    std::string client_saw;
};

using any = std::variant<begun, failed, happened, outage_began, outage_over, opened, open_failed,
                         settled, ended, voided, late, closed>;

}  // namespace note

/// To be taken before the actions of the same turn are done.
struct noted {
    time at{};
    note::any what;
};

}  // namespace deadair::observation
