#include "prober/planner/ladder.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace deadair::planner {
namespace {

// Idle timeouts that are common in practice, in seconds (facts/middlebox_idle_timeouts.csv).
constexpr std::array landmarks_s{10,   15,   20,   30,    45,    60,    90,   120,
                                 180,  240,  300,  350,   600,   900,   1200, 1800,
                                 3600, 7200, 7440, 14400, 28800, 43200, 86400};

// A rung this far above a landmark still sees it when the middlebox's timer is a little late.
constexpr double landmark_margin_s = 1.5;
constexpr double landmark_margin_share = 0.001;

// Found by simulation: the ladder's relative step, times the number of connections, is the
// logarithm of that number, up to a most (a wider step finds the loss later, a closer one has older
// connections go for it); less for a short range, which has fewer rungs.
constexpr double step_times_connections_max = 4.85;
constexpr double less_for_short_ranges = 0.8;
constexpr double long_range_s = 4 * 3600.0;

// Found by simulation: so many connections open as fast as they may, the others within so long.
constexpr double share_at_once = 0.4;
constexpr double others_within_s = 45.0;

// Smallest step of the ladder: below it the opening of the connections limits the resolution. With
// connections to spare it grows with the age, up to so much for twice that many: what is not asked
// early is there later, and there are enough to show the shape of the expiry.
constexpr double shortest_step_s = 1.5;
constexpr double shortest_step_share = 1.0 / 30;
constexpr double shortest_step_growth_s = 3.0;
constexpr double many_connections = 128;

double relative_step(const plan& wanted)
{
    const auto count = static_cast<double>(wanted.connections);
    const double less = to_seconds(wanted.idle_max) > long_range_s ? 0 : less_for_short_ranges;
    return (std::min(std::log(count), step_times_connections_max) - less) / count;
}

double shortest_step(const plan& wanted, double from)
{
    const double spare = std::clamp(wanted.connections / many_connections - 1, 0.0, 1.0);
    return std::clamp(shortest_step_share * from, shortest_step_s,
                      shortest_step_s + spare * shortest_step_growth_s);
}

std::vector<double> stops_of(double lowest, double highest)
{
    std::vector<double> stops;
    for (const int landmark : landmarks_s) {
        const double at = landmark + std::max(landmark_margin_s, landmark_margin_share * landmark);
        if (at > lowest && at < highest)
            stops.push_back(at);
    }
    stops.push_back(highest);
    return stops;
}

}  // namespace

std::vector<nanoseconds> rungs_of(const plan& wanted)
{
    const double step = relative_step(wanted);
    double from = to_seconds(wanted.idle_min);
    std::vector<nanoseconds> rungs{wanted.idle_min};
    for (const double stop : stops_of(from, to_seconds(wanted.idle_max))) {
        const double shortest = shortest_step(wanted, from);
        const double low = std::log(step * from + shortest);
        const double high = std::log(step * stop + shortest);
        const double count = std::max(1.0, std::floor((high - low) / std::log1p(step) + 0.65));
        for (double i = 1; i < count; ++i) {
            const double age = (std::exp(low + (high - low) * i / count) - shortest) / step;
            rungs.push_back(from_seconds(age));
        }
        rungs.push_back(from_seconds(stop));
        from = stop;
    }
    rungs.back() = wanted.idle_max;
    return rungs;
}

std::vector<nanoseconds> opening_times(const plan& wanted)
{
    const double gap_s = 1.0 / wanted.open_rate;
    const auto at_once = std::max(1U, static_cast<unsigned>(share_at_once * wanted.connections));
    std::vector<nanoseconds> times;
    for (unsigned i = 0; i < at_once; ++i)
        times.push_back(from_seconds(i * gap_s));

    const double start = (at_once - 1) * gap_s;
    const unsigned rest = wanted.connections - at_once;
    // Gaps grow from gap_s so that the last connection opens that late after the fast ones.
    const double growth = std::max(1.0, (others_within_s + gap_s) / gap_s);
    for (unsigned i = 1; i <= rest; ++i) {
        const double at = gap_s * (std::pow(growth, static_cast<double>(i) / rest) - 1.0);
        times.push_back(from_seconds(start + std::max(at, i * gap_s)));
    }
    return times;
}

}  // namespace deadair::planner
