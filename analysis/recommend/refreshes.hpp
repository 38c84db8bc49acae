#pragma once

#include <optional>
#include <span>

#include "analysis/estimate/estimate.hpp"

/// Whether traffic that is meant to keep a binding alive does so. Pure.
namespace deadair::recommend {

/// What the strata with one refresh say together.
struct usefulness {
    /// False: connections with it died as soon as those without. nullopt: the run does not tell.
    std::optional<bool> counts;
    /// The one side from which it counts, where the other was tried in vain; else `none`.
    refresh_side only_from{refresh_side::none};
};

/// What was in vain in one stratum is in vain: the worst decides.
usefulness usefulness_of(std::span<const estimate::finding> found, refresh by);

}  // namespace deadair::recommend
