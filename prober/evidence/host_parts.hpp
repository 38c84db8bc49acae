#pragma once

#include <vector>

#include "prober/evidence/part.hpp"

namespace deadair::prober::evidence {

/// What this host tells without sending anything: system, connections, counters, interfaces,
/// addresses, routes, neighbours, conntrack. Takes some milliseconds.
std::vector<part> host_parts();

// Of network_parts.cpp (rtnetlink(7), ethtool ioctls).
part interfaces();
part addresses();
part routes();
part neighbours();

}  // namespace deadair::prober::evidence
