#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "analysis/estimate/pools.hpp"

/// The same observations as each kind of middlebox would have made them: counted from other
/// moments, or with what it did for another reason left out. What then is sharp is explained.
/// Pure.
namespace deadair::estimate {

by_stratum sorted(std::span<const observation> seen);

struct reading {
    explanation why{explanation::sharp};
    std::vector<observation> seen;  ///< as it is to be read
    double cost{};                  ///< of the freedom taken, as a logarithm
    std::optional<nanoseconds> period{};
    std::optional<nanoseconds> moment{};
    std::optional<std::uint32_t> crowd{};
    std::optional<direction> renewed_by{};
    std::optional<nanoseconds> low{};  ///< no finding's lower end may be above
    std::uint32_t times{};             ///< how often state was lost
    /// Of an age limit.
    std::optional<nanoseconds> age_low{};
    std::optional<nanoseconds> age_high{};
};

/// A reading with what it makes of the strata.
struct account {
    reading by;
    std::vector<pool> pools;
    double score{};
};
account account_of(reading by, double packet_loss);

/// How well one sharp timeout for each stratum explains these, as a logarithm.
double sharp_score_of(std::span<const observation> seen, double packet_loss);

/// When a run began anew with other connections, of which it had none before and has no older one
/// left: it asked again with fewer. nullopt: it did not.
std::optional<nanoseconds> began_anew(std::span<const observation> silent);

/// The observations of these pools that end too early for the explanation.
std::vector<observation> odd_of(std::span<const pool> pools);

/// All that was observed, also with refreshes and on busy connections: what opens, speaks or lives
/// beside the silent ones explains some.
struct surroundings {
    std::span<const observation> all;
    double packet_loss{};
};

/// Each of these is a reading that may explain what `plain` leaves odd; nullopt if it does not
/// apply. What they leave out of the observations is void in the reading.
std::optional<reading> by_age(const account& plain, const surroundings& beside);
std::optional<reading> by_room(const account& plain, const surroundings& beside);
std::optional<reading> by_flush(const account& plain, const surroundings& beside);
std::optional<reading> by_tick(const account& plain, const surroundings& beside);
std::optional<reading> by_change(const account& plain, const surroundings& beside);
std::optional<reading> by_load(const account& plain, const surroundings& beside);
std::optional<reading> by_promotion(const account& plain, const surroundings& beside);

}  // namespace deadair::estimate
