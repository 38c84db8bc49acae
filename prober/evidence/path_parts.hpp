#pragma once

#include <functional>

#include "analysis/words/duration.hpp"
#include "prober/evidence/part.hpp"
#include "prober/evidence/url.hpp"

namespace deadair::prober::evidence {

// What is seen by using the path. Each takes its time; none needs permission. Where they take a
// `going`, its false ends them early.
using going = std::function<bool()>;

struct effort {
    int times{10};
    std::chrono::seconds patience{5};  ///< for each answer
};
/// Name lookup, connect, TLS, first byte and total, some times one after the other.
part timings(const std::string& name, const url& to, const effort& how, const going& go_on);

/// The packet size that the path takes, as the kernel knows it, and TCP's segment size.
part path_mtu(const url& to, nanoseconds patience = effort{}.patience);

/// The time of one connect a second.
part round_trips(const url& to, nanoseconds over, const going& go_on);

/// Who answers on the way, by the time to live of TCP connects to the very port that matters, and
/// the socket's error queue (ip(7), IP_RECVERR).
part hops(const url& to, const going& go_on);

}  // namespace deadair::prober::evidence
