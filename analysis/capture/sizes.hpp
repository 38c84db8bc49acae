#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "analysis/capture/conversation.hpp"

namespace deadair::capture {

/// A path that drops segments above a size and says so to nobody.
struct mtu_hole {
    endpoint server;
    direction way{};
    std::uint32_t passed{};   ///< bytes of the largest segment that came through
    std::uint32_t stalled{};  ///< of the smallest that did not
    std::size_t connections{};
};

/// Which sizes of segments pass, by server. Pure.
class sizes {
public:
    void add(const conversation& over);
    /// Where at least two connections stalled, and nothing as large as what stalled came through.
    std::vector<mtu_hole> holes() const;

private:
    struct seen {
        std::uint32_t passed{};
        std::uint32_t stalled{};
        std::size_t stalls{};
    };
    std::map<std::pair<endpoint, direction>, seen> by_server_;
};

}  // namespace deadair::capture
