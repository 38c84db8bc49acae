#pragma once

#include <span>
#include <string>

#include "analysis/store/store.hpp"

namespace deadair::report {

/// What the host's TCP counters said of the path during a run: one line.
/// @param host  the samples of source 'host'
std::string path_text(std::span<const store::path_sample> host);

}  // namespace deadair::report
