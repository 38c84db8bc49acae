#pragma once

#include <cstdint>

#include "tests/simulation/rows.hpp"

/// Whole runs as a user starts them: the search, refreshes from the client, busy connections.
namespace deadair::simulation {

/// What many of them amount to.
struct whole_runs {
    int runs{};
    double relative{};    ///< mean of the wall time over T
    double over_s{};      ///< mean of the wall time less what it may be, see `may_take`
    double told_after{};  ///< mean of the time over T at which the last refresh has its verdict
    double right{};       ///< of all refreshes tried, in %: told rightly whether they count
    double wrong{};       ///< told wrongly
    double open{};        ///< silent strata whose interval is missing or does not hold T, in %
    std::uint32_t most_open{};
};

/// 1.20 T and 15 s over a minute, 1.5 T and 15 s below.
nanoseconds may_take(nanoseconds truth);

whole_runs whole_runs_of(const range& truths, bool heeds_keepalive, int runs, std::uint64_t seed);

}  // namespace deadair::simulation
