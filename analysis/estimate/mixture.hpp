#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// The timeouts of several middleboxes behind one address. Pure.
namespace deadair::estimate {

/// One of the timeouts of a mixture.
struct part {
    nanoseconds low{};  ///< 0: not known
    std::optional<nanoseconds> high;
    double confidence{};
    double share{};  ///< of the connections
};

struct mixture {
    std::vector<part> parts;  ///< ascending
    std::string by_port;      ///< the source ports that have the shorter one, where a rule is plain
};

mixture mixture_of(std::span<const observation> seen, double packet_loss);

}  // namespace deadair::estimate
