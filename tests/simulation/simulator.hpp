#pragma once

#include <vector>

#include "analysis/estimate/estimate.hpp"
#include "prober/planner/programme.hpp"
#include "tests/simulation/world.hpp"

/// Drives the planner that the prober runs through a simulated world: a day in milliseconds.
namespace deadair::simulation {

/// What a run saw and what it cost.
struct record {
    std::vector<estimate::observation> seen;
    nanoseconds ended_at{};
    nanoseconds last_scheduled_open{};
    std::uint32_t opened{};
    std::uint32_t most_open{};
    std::uint32_t probes{};
    bool finished{};  ///< false: the planner wanted more than a run may take
};

record run(const planner::plan& wanted, const middlebox& box, const network& net,
           std::uint64_t seed);

}  // namespace deadair::simulation
