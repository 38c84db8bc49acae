#pragma once

#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Whether expiry is one sharp age or falls anywhere within a zone. Pure.
namespace deadair::estimate {

/// Twice the logarithm of the likelihood ratio between the best non-increasing curve of survival
/// over idle age (isotonic regression, pool adjacent violators) and the best single step.
double against_sharp(std::span<const observation> seen, double packet_loss);

/// Above this the expiry is not sharp: at most 0.5 % of sharp timeouts come so far.
inline constexpr double sharp_rejected_above = 8;

/// The curve itself: the share that survives from this idle age on, up to the next one's.
struct survival {
    nanoseconds from{};
    double share{};
};
std::vector<survival> survival_curve(std::span<const observation> seen);

/// Where expiry falls: from the first idle age not delivered to the last one delivered.
struct zone {
    nanoseconds first_dead{};
    nanoseconds last_alive{};
};
/// @pre there are both kinds
zone zone_of(std::span<const observation> seen);

}  // namespace deadair::estimate
