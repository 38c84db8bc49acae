#pragma once

#include <span>
#include <vector>

#include "analysis/estimate/silence.hpp"

/// Expiry that falls anywhere within a zone. Pure.
namespace deadair::estimate {

struct continuum_fit {
    double log_likelihood{-never};
    double from_s{};  ///< the best fit
    double to_s{};
    double low_s{};   ///< no silence so short kills, 99 % sure
    double high_s{};  ///< all are dead by then, likewise
};

/// Drawn anew for each silence.
continuum_fit fit_continuum(std::span<const silence> seen);

/// What all silences of each connection say together of the one timeout that it keeps; those that
/// contradict themselves are left as they are, and no timeout explains them.
std::vector<silence> by_connection(std::span<const silence> seen);

}  // namespace deadair::estimate
