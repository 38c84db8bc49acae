#pragma once

#include <vector>

#include "prober/hops/plan/plan.hpp"

namespace deadair::hops_plan {

/// Connections of a kind with which a reach is tried at the first age.
inline constexpr std::uint32_t each_first = 3;

/// Some that nothing refreshes, which must die, and some that are refreshed all the way, which must
/// live: until the first age, or some until the last one as well.
enum class references : std::uint8_t { first_age_alone, with_late };
std::uint32_t how_many(const plan& of, references which);
std::vector<trial> references_of(const plan& of, references which);

}  // namespace deadair::hops_plan
