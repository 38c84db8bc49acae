#pragma once

#include <span>

#include "analysis/estimate/estimate.hpp"

/// Ends that came by themselves, and the clock on the wall. Pure.
namespace deadair::estimate {

/// How likely it is, as a logarithm, that ends which come at any moment alike all come on one beat
/// of whole seconds. 0 where they do not, where their silences began on it, and where all have one
/// age anyhow.
double log_of_common_beat(std::span<const observation> seen);

}  // namespace deadair::estimate
