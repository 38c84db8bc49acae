#pragma once

#include <span>
#include <vector>

#include "prober/hops/plan/plan.hpp"

/// Where connections are too few to try every reach at once: some reaches that lie far apart, and
/// then those between the farthest that does not save and the nearest that does.
namespace deadair::hops_plan {

/// @return whether `of` has to do with so few
bool is_bisected(const plan& of);
/// So many it takes at least.
std::uint32_t bisection_least(const plan& of);

/// What is tried first. @pre is_bisected(of), !refuse(of)
std::vector<trial> first_round(const plan& of);
/// What the first round has left open; empty: nothing, or it was no bisection.
std::vector<trial> second_round(const plan& of, std::span<const seen> results);

}  // namespace deadair::hops_plan
