#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analysis/estimate/reading.hpp"

/// Which explanation the silences of a run have. Pure.
namespace deadair::estimate {

/// The account that explains best, and what others nearly as good would make of it.
struct chosen {
    account best;
    std::vector<account> rivals;  ///< so nearly as good that nothing decides between them
    bool anew{};  ///< the run began anew with few connections: many seemed to be the reason
};

/// @param silent  of strata without refresh
/// @param all     everything that was observed
chosen choose(std::span<const observation> silent, std::span<const observation> all,
              double packet_loss);

/// The pool of a stratum; nullptr where nothing died.
const pool* home_of(const stratum& where, std::span<const pool> pools);

}  // namespace deadair::estimate
