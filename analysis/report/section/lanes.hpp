#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/report/axis.hpp"
#include "analysis/report/document.hpp"
#include "analysis/report/section/material.hpp"

/// The picture of who was alive and who was dead over idle age: a lane for each stratum, or for
/// several that agree.
namespace deadair::report {

struct lane {
    std::vector<stratum> strata;
    std::string name;
    std::vector<estimate::finding> findings;  ///< of the first; several in a mixture
    std::vector<store::probe> probes;
};

std::vector<lane> lanes_of(const material& from);

/// Every idle age that was probed. nullopt where there is no probe that counts.
std::optional<time_range> whole_range(const std::vector<lane>& lanes);

struct lane_text {
    std::string id;  ///< unique in the page
    std::string title;
};

/// @pre there are lanes
picture lanes_picture(const std::vector<lane>& lanes, const time_range& range,
                      const lane_text& text);

}  // namespace deadair::report
