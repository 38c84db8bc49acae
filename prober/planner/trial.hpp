#pragma once

#include <chrono>
#include <vector>

#include "analysis/words/words.hpp"
#include "prober/planner/events.hpp"

namespace deadair::planner {

/// What a cohort is to try.
struct trial {
    stratum where;                 ///< of silent connections
    std::vector<means> refreshes;  ///< one connection for each
    nanoseconds expired{};         ///< the idle age by which silent connections are gone
    nanoseconds hold{};            ///< how long nothing is said; above `expired`
    time begins{};
    nanoseconds pace{};  ///< from one opening to the next
};

/// How often a connection is refreshed by this.
std::chrono::milliseconds refreshed_every(const trial& of, refresh by);
/// How often a busy one says something.
std::chrono::milliseconds busy_every(const trial& of);
/// How often a busy one is asked.
nanoseconds asked_every(const trial& of);

}  // namespace deadair::planner
