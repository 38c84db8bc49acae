#pragma once

#include <vector>

#include "analysis/report/axis.hpp"
#include "analysis/report/section/material.hpp"

namespace deadair::report {

/// The outages of the path; one that had no end lasts as long as the run.
std::vector<time_range> outages(const material& from);

}  // namespace deadair::report
