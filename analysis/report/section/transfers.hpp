#pragma once

#include <optional>

#include "analysis/report/document.hpp"
#include "analysis/report/section/material.hpp"

/// The pictures of the section on uploads and downloads.
namespace deadair::report {

/// A bar for each transfer that completed, as long as it was fast.
std::optional<picture> goodput_picture(const material& from);

/// When transfers on living connections stood still, over the time that each took.
std::optional<picture> stalls_picture(const material& from);

/// How long those on bindings that were gone hung, and who was told.
std::optional<picture> dead_picture(const material& from);

}  // namespace deadair::report
