#pragma once

#include <span>
#include <string>

#include "analysis/store/store.hpp"

namespace deadair::report {

/// What the host's TCP counters said of the path during a run: one line.
/// @param all  the run's samples of every source
std::string path_text(std::span<const store::path_sample> all);

}  // namespace deadair::report
