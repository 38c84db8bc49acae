#include <fmt/format.h>

#include "prober/planner/plan.hpp"

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// The kernel counts in jiffies of 4 ms, at both ends; below that no clock here is exact.
constexpr nanoseconds resolution_min = 10ms;
// An idle connection is only idle once its set-up has settled.
constexpr nanoseconds idle_shortest = 500ms;
// Two that fail and two that survive, for each stratum.
constexpr std::size_t connections_per_stratum = 4;

}  // namespace

std::uint32_t connections_min(const plan& wanted)
{
    return static_cast<std::uint32_t>(wanted.paths.size() * wanted.directions.size() *
                                      connections_per_stratum);
}

std::optional<std::string> refuse(const plan& wanted)
{
    if (wanted.resolution < resolution_min)
        return fmt::format("--resolution {} is finer than the clocks allow; use at least {}",
                           format_duration(wanted.resolution), format_duration(resolution_min));
    if (wanted.idle_min < idle_shortest)
        return fmt::format("--min-idle {} is too short for a silence; use at least {}",
                           format_duration(wanted.idle_min), format_duration(idle_shortest));
    if (wanted.idle_max < wanted.idle_min + wanted.resolution)
        return fmt::format(
            "no probe fits between --min-idle {} and --max-idle {}; use a --max-idle "
            "of at least {}",
            format_duration(wanted.idle_min), format_duration(wanted.idle_max),
            format_duration(wanted.idle_min + wanted.resolution));
    if (wanted.connections < connections_min(wanted))
        return fmt::format("--connections {} is too few for {} strata; use at least {}",
                           wanted.connections, wanted.paths.size() * wanted.directions.size(),
                           connections_min(wanted));
    return std::nullopt;
}

}  // namespace deadair::planner
