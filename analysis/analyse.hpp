#pragma once

#include <vector>

#include "analysis/store/store.hpp"

namespace deadair {

/// What a run's observations amount to.
struct analysis {
    std::vector<estimate::finding> findings;
    std::vector<recommend::recommendation> settings;
};

/// Derives findings and settings anew from a run's raw rows, and writes them back where the file
/// may be written. @throws store::store_error
analysis analyse(store::database& from, store::run_id which, const recommend::conditions& given);

}  // namespace deadair
