#pragma once

#include <string>
#include <vector>

#include "analysis/store/store.hpp"

namespace deadair {

/// What a run's observations amount to.
struct analysis {
    std::vector<estimate::finding> findings;
    std::vector<recommend::recommendation> settings;
    std::vector<path_limits::limit> limits;  ///< of the path, besides what silence ends
    std::string open;  ///< what was asked for and is not answered, for people; empty: all is
};

/// Derives findings and settings anew from a run's raw rows, and keeps them in the
/// file, or beside it where the file may only be read. What was asked for and not measured is a
/// finding that says so. @throws store::store_error
analysis analyse(store::database& from, store::run_id which, const recommend::conditions& given);

}  // namespace deadair
