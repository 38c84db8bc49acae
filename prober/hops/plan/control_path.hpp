#pragma once

#include <span>
#include <vector>

#include "prober/hops/plan/plan.hpp"

namespace deadair::hops_plan {

/// What silent connections of another path do by the time at which this one has forgotten.
enum class control_path : std::uint8_t {
    forgets,          ///< they are gone as well, and were not a little before
    forgets_earlier,  ///< they were gone before this path forgets
    lives,            ///< they are not
    untold            ///< nobody can say
};

/// Silent ones a little below the idle timeout and at the first age, and refreshed ones, which tell
/// the path from its server's restart or load.
std::vector<trial> trials_of_control_path(const plan& of);
control_path judge_control_path(const plan& of, std::span<const seen> results);

}  // namespace deadair::hops_plan
