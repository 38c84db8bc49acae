#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analysis/estimate/silence.hpp"
#include "analysis/estimate/two_steps.hpp"

/// Which shape the expiry of one pool has. Pure.
namespace deadair::estimate {

/// One candidate, fitted as well as it can be.
struct shape {
    explanation why{explanation::sharp};
    double score{};   ///< logarithm of the likelihood, less what its freedom costs
    double low_s{};   ///< no silence so short kills, 99 % sure; 0: not known
    double high_s{};  ///< all are dead by then
    double mean_s{};  ///< of random ends
};

struct shapes {
    shape best;
    double low_s{};  ///< of the best and of all that explain the silences nearly as well
    bool settled{};  ///< nothing else does
    std::vector<std::size_t> odd;  ///< of `seen`: ended early, were it one sharp timeout
};

/// @param seen  at least one of them did not live
shapes shapes_of(std::span<const silence> seen, double packet_loss);

/// What separates explanations, as a logarithm: 20 to 1.
inline constexpr double decided_above = 3;

/// Where expiry falls: from the first idle age not delivered to the last one delivered.
struct zone {
    nanoseconds first_dead{};
    nanoseconds last_alive{};
};
/// @pre there are both kinds
zone zone_of(std::span<const observation> seen);

}  // namespace deadair::estimate
