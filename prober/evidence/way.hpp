#pragma once

#include <optional>
#include <string>
#include <vector>

#include "prober/evidence/path_parts.hpp"
#include "prober/evidence/peer.hpp"

namespace deadair::prober::evidence {

/// Where packets end that may go so many hops.
struct hop {
    bool arrived{};                      ///< at the server
    std::vector<std::string> addresses;  ///< else who says so; several: not all take one way
    std::string refused;                 ///< how the server refused; empty if it did not
    std::optional<nanoseconds> took{};   ///< the quickest answer

    bool answered() const { return arrived || !addresses.empty(); }
};

/// Why this host cannot ask: its system does not let programs set how far their packets go. For
/// people; empty: it can.
std::string reach_problem(address_family family);

/// Who answers on the way, hop 1 first: each distance is asked three times by a TCP connect to the
/// very port, eight distances at once. The last one is the server; if not, it was not reached
/// within 30 hops. Needs no permission, and up to 3 s for eight hops.
std::vector<hop> way_to(const peer& there, const going& go_on);

}  // namespace deadair::prober::evidence
