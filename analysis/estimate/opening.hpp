#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "analysis/estimate/estimate.hpp"

namespace deadair::estimate {

/// How long each connection took to open, as far as its first silence tells: a middlebox counts its
/// age from the packet that it let through first, and that may have been the last of several that
/// were sent. It is younger than it seems by no more than this.
std::map<std::uint32_t, nanoseconds> openings_of(std::span<const observation> all);

}  // namespace deadair::estimate
