#pragma once

#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Whose messages renew a binding. Pure.
namespace deadair::estimate {

/// The same observations as a middlebox sees them that heeds only the data which one end sends, as
/// it does in direction `by`: idle ages count from the last probe delivered that way, or from the
/// opening. What a connection tells after a void probe is left out: that probe may have arrived.
std::vector<observation> renewed_only_by(direction by, std::span<const observation> seen);

/// The same for one that keeps a timer for each direction, which only that direction's data renews.
std::vector<observation> renewed_by_own(std::span<const observation> seen);

}  // namespace deadair::estimate
