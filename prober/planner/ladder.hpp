#pragma once

#include <vector>

#include "prober/planner/plan.hpp"

/// Where the search looks first, and when connections open. Both are fixed by the plan.
namespace deadair::planner {

/// Idle ages to try while nothing was lost, ascending, from `idle_min` to `idle_max`. A common
/// idle timeout has a rung just above it, so that the first loss there comes early.
std::vector<nanoseconds> rungs_of(const plan& wanted);

/// When each connection opens, since the run's start, ascending. Most open as fast as the plan
/// allows; the rest with growing gaps, so that reserves of many ages stand by later.
std::vector<nanoseconds> opening_times(const plan& wanted);

}  // namespace deadair::planner
