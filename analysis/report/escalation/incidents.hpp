#pragma once

#include "analysis/report/document.hpp"
#include "analysis/report/section/material.hpp"

namespace deadair::report {

/// What else happened during the run, for those who look for it in their logs.
section incidents(const material& from);

}  // namespace deadair::report
