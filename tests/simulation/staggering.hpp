#pragma once

#include "tests/simulation/middlebox.hpp"

/// The methods that others use, as a yardstick: a sequential search, and connections with
/// staggered idle ages in one, two or three passes. Each is given what it needs: a middlebox that
/// is sharp and a network that only loses packets.
namespace deadair::simulation {

struct staggered {
    nanoseconds idle_min{std::chrono::seconds{5}};
    nanoseconds idle_max{std::chrono::hours{24}};
    std::uint32_t connections{128};
    nanoseconds verdict_after{std::chrono::seconds{2}};
    int losses_needed{1};  ///< before an age is believed to have expired
};

/// What a method found and what it cost.
struct yardstick {
    nanoseconds low{};
    nanoseconds high{};
    nanoseconds took{};
    std::uint32_t opened{};
    std::uint32_t probes{};
};

/// Doubles the idle age until a probe is lost, then bisects, one connection after the other.
yardstick sequentially(const staggered& how, nanoseconds truth, double loss, random_source& random);

/// @param passes each divides the bracket of the one before.
yardstick in_passes(int passes, const staggered& how, nanoseconds truth, double loss,
                    random_source& random);

}  // namespace deadair::simulation
