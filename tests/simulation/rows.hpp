#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "tests/simulation/boxes.hpp"
#include "tests/simulation/simulator.hpp"
#include "tests/simulation/staggering.hpp"

/// The rows of the evaluation's tables: what many runs against random firewalls amount to.
namespace deadair::simulation {

struct range {
    nanoseconds from{};
    nanoseconds to{};
};

// A row of the table, gathered over many runs.
struct tally {
    int runs{};
    int wrong{};        // the interval does not hold the truth
    int wide{};         // wider than max(0.5 s, 0.1 %)
    int unsharp{};      // called a spread or a mixture
    int open{};         // no interval
    double relative{};  // sum of wall time over T
    double extra_s{};
    double worst{};
    double over_s{};  // sum of wall time less 1.10 T
    double opened{};
    double probes{};

    void time(nanoseconds took, nanoseconds truth)
    {
        const double times = to_seconds(took) / to_seconds(truth);
        relative += times;
        extra_s += to_seconds(took - truth);
        worst = std::max(worst, times);
        over_s += to_seconds(took) - 1.1 * to_seconds(truth);
    }
    void interval(nanoseconds low, nanoseconds high, nanoseconds truth, nanoseconds tolerance)
    {
        wrong += low > truth || high + tolerance < truth ? 1 : 0;
        wide += to_seconds(high - low) > std::max(0.5, 0.001 * to_seconds(truth)) + 0.003 ? 1 : 0;
    }
};

struct scenario {
    planner::plan plan;
    range truths;
    network net;
    int outages{};  // of 10 s, in the time that the run is expected to take
};

/// The planner and the estimator against sharp firewalls, drawn evenly by the logarithm of T.
tally adaptive(const scenario& of, int runs, std::uint64_t seed);

/// Another method against the same firewalls.
tally baseline(const scenario& of, int runs, std::uint64_t seed,
               const std::function<yardstick(nanoseconds, random_source&)>& method);

/// How many percent of the runs call this middlebox sharp, a spread, a mixture.
struct called {
    double timeout{};
    double spread{};
    double mixture{};
};
called shapes_of(const box_maker& box, int runs, std::uint64_t seed);

/// How many percent of the runs call it a timeout other than its own that a middlebox has room for
/// so many only.
double room_called_another_timeout(int runs, std::uint64_t seed);

/// How many percent of the runs end within six times the longest timeout and 120 s, however the
/// expiry jitters: from 1 ms to a fifth of the timeout, told or silent, some connections kept alive
/// by others.
double in_time(int runs, std::uint64_t seed);

/// Evenly by the logarithm.
nanoseconds draw(const range& of, random_source& random);

/// tls and wss, both directions, 5 s to 24 h.
scenario base(std::uint32_t connections, double loss);

void head(std::string_view title);
void print(std::string_view name, const tally& row);

}  // namespace deadair::simulation
