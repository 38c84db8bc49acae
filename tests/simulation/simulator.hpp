#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/estimate/estimate.hpp"
#include "prober/observation/notes.hpp"
#include "prober/planner/programme.hpp"
#include "tests/simulation/middlebox.hpp"
#include "tests/simulation/world.hpp"

/// Drives the plan and the observation that the prober runs through a simulated world: a day in
/// milliseconds. What the packets prove is decided by observation alone.
namespace deadair::simulation {

/// What a run saw and what it cost.
struct record {
    std::vector<estimate::observation> seen;
    std::vector<observation::noted> notes;  ///< all that observation noted, in order
    std::map<flow_id, path> paths;          ///< of the connections that were asked for
    nanoseconds ended_at{};
    std::uint32_t opened{};
    std::uint32_t most_open{};
    std::uint32_t probes{};
    std::string failure{};  ///< why observation gave up
    bool finished{};        ///< false: the plan wanted more than a run may take
};

record run(const planner::wanted_of_run& wanted, middlebox& box, const network& net,
           std::uint64_t seed);
/// Parts of one's own.
using parts = std::vector<std::unique_ptr<planner::part>>;
record run(parts all, middlebox& box, const network& net, std::uint64_t seed);
/// The search alone.
record run(const planner::plan& wanted, middlebox& box, const network& net, std::uint64_t seed);

}  // namespace deadair::simulation
