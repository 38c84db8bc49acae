#pragma once

#include <functional>

#include "analysis/words/duration.hpp"
#include "prober/evidence/part.hpp"
#include "prober/evidence/url.hpp"

namespace deadair::prober::evidence {

// What is seen by using the path. Each takes its time; none needs permission.

/// Name lookup, connect, TLS, first byte and total, ten times one after the other.
part timings(const std::string& name, const url& to);

/// The packet size that the path takes, as the kernel knows it, and TCP's segment size.
part path_mtu(const url& to);

/// The time of one connect a second. @param go_on  false ends it early
part round_trips(const url& to, nanoseconds over, const std::function<bool()>& go_on);

/// Who answers on the way, by the time to live of TCP connects to the very port that matters, and
/// the socket's error queue (ip(7), IP_RECVERR).
part hops(const url& to);

}  // namespace deadair::prober::evidence
