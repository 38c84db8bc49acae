#pragma once

#include <optional>
#include <span>
#include <vector>

#include "prober/hops/plan/plan.hpp"

namespace deadair::hops_plan {

/// Keepalives of one end that reach no further than `dead_within` do not save a connection from a
/// box, and those that reach `alive_from` do.
struct stair {
    int dead_within{};
    int alive_from{};
    nanoseconds low{}, high{};  ///< the box's idle timeout is between

    friend bool operator==(const stair&, const stair&) = default;
};

/// The farther keepalives reach, the fewer boxes can forget: from one end the idle timeout that is
/// left rises in steps, each of which is a box.
struct stairs {
    std::vector<stair> all;        ///< nearest to that end first
    std::uint32_t contradicted{};  ///< connections that died although others like them lived longer
    std::optional<nanoseconds> lost_later{};  ///< what lives has died by then, in no order
};
/// @param results  of one end, the unrefreshed ones among them
stairs stairs_of(const plan& of, std::span<const seen> results);

}  // namespace deadair::hops_plan
