#pragma once

#include <cstdint>

#include "analysis/words/duration.hpp"

namespace deadair::hold {

/// Numbers that look random and follow from a seed: SplitMix64 (Steele, Lea and Flood, "Fast
/// splittable pseudorandom number generators", 2014).
class chance {
public:
    explicit chance(std::uint64_t seed) : state_{seed} {}

    std::uint64_t next()
    {
        auto word = state_ += 0x9e37'79b9'7f4a'7c15;
        word = (word ^ (word >> 30)) * 0xbf58'476d'1ce4'e5b9;
        word = (word ^ (word >> 27)) * 0x94d0'49bb'1331'11eb;
        return word ^ (word >> 31);
    }

    /// Anywhere from `low` up to `high`.
    nanoseconds between(nanoseconds low, nanoseconds high)
    {
        const auto share = static_cast<double>(next() >> 11) * 0x1p-53;
        return low + from_seconds(share * to_seconds(high - low));
    }

private:
    std::uint64_t state_;
};

}  // namespace deadair::hold
