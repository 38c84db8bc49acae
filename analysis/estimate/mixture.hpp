#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// What stands behind an expiry that is not sharp. Pure.
namespace deadair::estimate {

enum class nature : std::uint8_t {
    unknown,
    spread,   ///< drawn anew for each silence: coarse timers, load
    mixture,  ///< each connection keeps its own: several middleboxes behind one address
};

/// One of the timeouts of a mixture.
struct part {
    nanoseconds low{};
    std::optional<nanoseconds> high;
    double confidence{};
    double share{};  ///< of the connections
};

struct explanation {
    nature kind{};
    nanoseconds low{};        ///< up to which all live; 0: no such age is known
    std::vector<part> parts;  ///< of a mixture, ascending; else empty
    std::string by_port;      ///< the source ports that have the shorter one, where a rule is plain
};

/// Decides by connections that were let idle twice to an age at which others died: in a mixture
/// all that survived it survive it again, in a spread they die like any other.
explanation explain(std::span<const observation> seen, double packet_loss);

}  // namespace deadair::estimate
