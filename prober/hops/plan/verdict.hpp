#pragma once

#include <span>
#include <string>
#include <vector>

#include "prober/hops/plan/plan.hpp"

namespace deadair::hops_plan {

/// Places on the way in half hops from the client: 2 is the box at hop 1, 3 is between hops 1 and
/// 2, where one stands that does not lower the time to live.
struct stretch {
    int nearest{};
    int farthest{};

    friend bool operator==(const stretch&, const stretch&) = default;
};

/// A box that forgets.
struct box {
    stretch where;              ///< it is somewhere there
    nanoseconds low{}, high{};  ///< its idle timeout is between
    refresh_side seen_from{};   ///< `both`: both ends say so
    std::string remark{};       ///< what else it could be; empty: nothing

    friend bool operator==(const box&, const box&) = default;
};

struct verdict {
    std::vector<box> boxes;            ///< nearest to the client first
    std::string untold;                ///< why nothing can be told; empty: `boxes` is not
    std::vector<std::string> remarks;  ///< limits of this verdict, one sentence each
};

/// What the connections that lived and died say of the row of boxes.
verdict judge(const plan& of, std::span<const seen> results);

}  // namespace deadair::hops_plan
