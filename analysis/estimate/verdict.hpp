#pragma once

#include <span>
#include <vector>

#include "analysis/estimate/accounts.hpp"

/// From an explanation to what is said of each stratum. Pure.
namespace deadair::estimate {

/// @param seen  what was observed in this stratum, as it was
std::vector<finding> findings_of(const stratum& where, std::span<const observation> seen,
                                 const chosen& how, const assumptions& given);

/// What was asked and what came of it, and nothing else yet.
finding counted(const stratum& where, std::span<const observation> seen);

/// How those died that did not live beyond this age.
std::optional<expiry> how_they_died(std::span<const observation> seen, nanoseconds above);

}  // namespace deadair::estimate
