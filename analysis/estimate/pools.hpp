#pragma once

#include <map>
#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

namespace deadair::estimate {

/// Strata that one and the same idle timeout explains. The planner measures them together, and a
/// single probe that is lost in each then tells that all have what the pool has.
struct pool {
    std::vector<stratum> members;
    std::vector<observation> seen;
    double against_sharp{};  ///< see shape.hpp

    bool sharp() const;
};

/// All strata in which something died; the others share nothing that could be pooled. Strata that
/// seem sharp each on its own, at ages close to each other, are one pool that is not sharp when
/// what they hold against it adds up.
std::vector<pool> pools_of(const std::map<stratum, std::vector<observation>>& strata,
                           double packet_loss);

}  // namespace deadair::estimate
