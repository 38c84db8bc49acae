#pragma once

#include <span>
#include <string>

#include "prober/evidence/part.hpp"

namespace deadair::prober::evidence {

/// What each file shows, and what stands out. Pure.
part readme(std::span<const part> parts, const std::string& about);

}  // namespace deadair::prober::evidence
