#pragma once

#include <variant>

#include "prober/planner/plan.hpp"

/// What a plan asks for.
namespace deadair::planner {

struct open_connection {
    connection_id connection{};
    path on;
};
/// From now on the connection is refreshed.
struct start_refresh {
    connection_id connection{};
    means how;
    std::chrono::milliseconds every{};
};
struct send_probe {
    probe_id probe{};
    connection_id connection{};
    direction way{};
    /// Of the server's: it is asked now to speak after so long, and the silence begins.
    nanoseconds after{};
};
struct close_connection {
    connection_id connection{};
};
using action = std::variant<open_connection, start_refresh, send_probe, close_connection>;

}  // namespace deadair::planner
