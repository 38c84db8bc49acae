#pragma once

#include <span>

#include "analysis/estimate/silence.hpp"

/// Two sharp timeouts, one of which each connection keeps. Pure.
namespace deadair::estimate {

struct two_steps_fit {
    double log_likelihood{-never};
    double shorter_s{};  ///< the best fit; the shorter timeout is just above
    double longer_s{};
    double share{};  ///< of connections that have the shorter one
    double low_s{};  ///< below the shorter timeout, 99 % sure
};

two_steps_fit fit_two_steps(std::span<const silence> seen, double packet_loss);

}  // namespace deadair::estimate
