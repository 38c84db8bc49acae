#pragma once

#include <optional>
#include <span>
#include <string>

#include "analysis/estimate/estimate.hpp"
#include "analysis/words/transfers.hpp"

namespace deadair::prober::hops {

/// The idle timeout of which the box is looked for, or why there is none.
struct looked_for {
    std::optional<known_timeout> timeout;
    std::string why_not;  ///< for people; empty with a timeout
};
/// Of connections that nothing refreshed the first to be forgotten, if all are forgotten alike.
looked_for looked_for_in(std::span<const estimate::finding> found);

}  // namespace deadair::prober::hops
