#include "analysis/capture/sizes.hpp"

#include <algorithm>

namespace deadair::capture {

namespace {

// One may have died at that very moment of something else.
constexpr std::size_t stalls_min = 2;

}  // namespace

void sizes::add(const conversation& over)
{
    for (const auto way : {direction::to_server, direction::to_client}) {
        const auto passed = over.passed(way);
        const bool stalled = over.stalled() && over.stalled()->way == way;
        if (passed == 0 && !stalled)
            continue;
        auto& all = by_server_[{over.server(), way}];
        all.passed = std::max(all.passed, passed);
        if (!stalled)
            continue;
        const auto size = over.stalled()->stalled;
        all.stalled = all.stalls == 0 ? size : std::min(all.stalled, size);
        ++all.stalls;
    }
}

std::vector<mtu_hole> sizes::holes() const
{
    std::vector<mtu_hole> found;
    for (const auto& [where, all] : by_server_)
        if (all.stalls >= stalls_min && all.passed < all.stalled)
            found.push_back({.server = where.first,
                             .way = where.second,
                             .passed = all.passed,
                             .stalled = all.stalled,
                             .connections = all.stalls});
    return found;
}

}  // namespace deadair::capture
