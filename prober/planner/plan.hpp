#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// Decides which connection to open and when to probe it. Pure: no socket, clock, file or
/// random source; time comes in as an argument, as nanoseconds since the run's start on the
/// monotonic clock. The same objects run in the prober and in the simulator.
namespace deadair::planner {

using time = nanoseconds;
using connection_id = std::uint32_t;
using probe_id = std::uint32_t;

/// What a run may use and what it has to find.
struct plan {
    std::vector<path> paths;            ///< not empty; pooled until one contradicts the others
    std::vector<direction> directions;  ///< not empty
    nanoseconds idle_min{std::chrono::seconds{5}};
    nanoseconds idle_max{std::chrono::hours{2}};
    nanoseconds resolution{
        std::chrono::milliseconds{500}};  ///< the width wanted: the larger of this
    double resolution_relative{0.001};    ///< and this share of the idle timeout
    std::uint32_t connections{128};       ///< at most, open at a time
    double open_rate{20.0};               ///< connections opened per second, at most
    nanoseconds verdict_after{
        std::chrono::seconds{2}};  ///< silence after a probe that makes it lost
    double packet_loss{0.01};      ///< assumed chance that one packet is lost
    bool sampled{false};           ///< ask all connections, and new ones, just below the answer
    bool leaves_crowd{false};      ///< ends where its connections seem to die of their number
    bool exhaustive{false};        ///< follow a stratum that outlives the others to `idle_max`
};

/// So many connections the plan needs for all its strata.
std::uint32_t connections_min(const plan& wanted);

/// @return why this plan cannot work, in one sentence that names the option, and the nearest
///         value that works; nullopt if it can.
std::optional<std::string> refuse(const plan& wanted);

}  // namespace deadair::planner
