#pragma once

#include <string>

#include "analysis/fleet/fleet.hpp"
#include "analysis/report/document.hpp"
#include "analysis/store/store.hpp"

/// Many hosts side by side, for people and for programs.
namespace deadair::report {

/// Every measurement in the file, with the findings that its own program, or a later analysis,
/// kept.
/// @throws store::store_error
std::vector<fleet::measured_run> measured_runs(const store::database& from);

document fleet_report(const fleet::overview& all, const std::string& file);
std::string fleet_json(const fleet::overview& all);

}  // namespace deadair::report
