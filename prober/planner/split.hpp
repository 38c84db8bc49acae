#pragma once

#include "prober/planner/group.hpp"

namespace deadair::planner {

/// When strata of a group contradict each other, that is when some failed beyond chance at ages
/// that others survived, the groups that do not: by direction if that explains it, else by path,
/// else each stratum alone. Empty when nothing contradicts.
std::vector<group> split(const group& of, const view& see);

}  // namespace deadair::planner
