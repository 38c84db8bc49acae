#pragma once

#include <variant>

#include "prober/planner/plan.hpp"

/// What a plan is told.
namespace deadair::planner {

/// The connection is set up and silent since `last_packet`.
struct opened {
    connection_id connection{};
    time last_packet{};
};
/// It could not be opened; never counted as expiry. The plan retries later, a bounded number of
/// times.
struct open_failed {
    connection_id connection{};
    time at{};
};
/// What became of a probe. A second `settled` with `late` or `delivered` for a probe that was
/// called `lost` takes that verdict back.
struct settled {
    probe_id probe{};
    outcome result{};
    nanoseconds idle_age{};        ///< at the probe's first packet
    nanoseconds idle_age_error{};  ///< give or take
    time last_packet{};  ///< of the exchange; where the next silence begins, when delivered
    std::uint32_t
        unanswered{};  ///< packets of this probe that got no answer, retransmissions included
};
/// The connection ended without being probed (`reset` or `closed`), or can no longer vouch for
/// its idle age (`voided`).
struct ended {
    connection_id connection{};
    outcome how{};
    nanoseconds idle_age{};        ///< at which the end was seen
    nanoseconds idle_age_error{};  ///< give or take
    time at{};
};
/// The control connection failed: nothing is sent until it is back, what was under way is void.
struct outage_began {
    time at{};
};
struct outage_ended {
    time at{};
};
using event = std::variant<opened, open_failed, settled, ended, outage_began, outage_ended>;

}  // namespace deadair::planner
