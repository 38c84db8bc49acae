#pragma once

#include "prober/planner/step.hpp"

/// A middlebox that looks only every so often takes all that was silent for long enough at once. It
/// seems sharp to who asks at one moment. Between two of its looks nothing dies that fell silent
/// after something that lived: where that happens again and again, it does not tick.
namespace deadair::planner {

/// Probes, just below and just above the edge, at so many moments that a tick is excluded; no wish
/// and nothing to wait for when they are enough, or when no connection would show it soon.
/// @pre known.expired
decision at_other_moments(const group& of, const view& see, const standing_of_group& known);

}  // namespace deadair::planner
