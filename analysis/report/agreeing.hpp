#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/estimate/estimate.hpp"

namespace deadair::report {

/// Strata of which a run says the same; people read it once.
struct agreeing {
    estimate::finding one;  ///< what it says, with the probes of all of them counted
    std::vector<stratum> strata;
    std::string name;  ///< "all four: tls, wss to_client, to_server"; "wss to_client port 443"
};

/// The silent strata of a run, grouped, in the order of the first of each group.
std::vector<agreeing> agreeing_of(std::span<const estimate::finding> found);

/// What to call these strata together, of a run that found all that: "all four: tls, wss to_client,
/// to_server". Port and family are named where the run has several.
std::string name_of(const std::vector<stratum>& strata, std::span<const estimate::finding> within);

/// "two" to "twelve", "13".
std::string in_letters(std::size_t count);

}  // namespace deadair::report
