#include "prober/hold/bound.hpp"

#include <cmath>

namespace deadair::hold {

namespace {

// Chance of at most `most` failures in `tried`, each with chance `share`.
double at_most(std::uint64_t most, std::uint64_t tried, double share)
{
    const auto n = static_cast<double>(tried);
    double sum = 0;
    for (std::uint64_t k = 0; k <= most; ++k) {
        const auto failures = static_cast<double>(k);
        sum += std::exp(std::lgamma(n + 1) - std::lgamma(failures + 1) -
                        std::lgamma(n - failures + 1) + failures * std::log(share) +
                        (n - failures) * std::log1p(-share));
    }
    return sum;
}

// The share at which at most `most` failures have that chance; the chance falls as it rises.
double share_where(std::uint64_t most, std::uint64_t tried, double chance)
{
    double low = 0;
    double high = 1;
    for (int halving = 0; halving < 60; ++halving) {
        const auto middle = (low + high) / 2;
        (at_most(most, tried, middle) > chance ? low : high) = middle;
    }
    return high;
}

}  // namespace

share_interval failure_share(std::uint64_t failed, std::uint64_t tried)
{
    if (tried == 0)
        return {0, 1};
    if (failed == 0)
        return {0, 1 - std::pow(1 - confidence, 1 / static_cast<double>(tried))};
    const auto outside = (1 - confidence) / 2;
    return {share_where(failed - 1, tried, 1 - outside),
            failed == tried ? 1 : share_where(failed, tried, outside)};
}

}  // namespace deadair::hold
