#pragma once

#include <map>
#include <span>
#include <vector>

#include "analysis/estimate/shape.hpp"

namespace deadair::estimate {

using by_stratum = std::map<stratum, std::vector<observation>>;

/// Strata that one explanation serves. The planner measures them together, and a single probe that
/// is lost in each then tells that all have what the pool has.
struct pool {
    std::vector<stratum> members;
    std::vector<observation> seen;
    shapes how;

    bool sharp() const { return how.best.why == explanation::sharp; }
};

/// All strata in which something died; the others share nothing that could be pooled. Two are one
/// pool when that explains what both saw no worse, and when neither is sharp and their zones meet.
std::vector<pool> pools_of(const by_stratum& strata, double packet_loss);

/// Whether none of these has silences that end too early for one sharp timeout: quickly said, and
/// what cannot be sharp alone cannot be so together.
bool may_be_sharp(const by_stratum& strata, double packet_loss);

/// What they explain together, as a logarithm; each pool costs something.
double score_of(std::span<const pool> pools);

}  // namespace deadair::estimate
