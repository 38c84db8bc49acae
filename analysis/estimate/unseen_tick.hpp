#pragma once

#include <span>

#include "analysis/estimate/interval.hpp"

/// A middlebox that looks only every so often seems sharp to who asks at one moment only: all that
/// was silent for long enough went at the last tick. Pure.
namespace deadair::estimate {

/// The idle age up to which nothing dies, 99 % sure, if the middlebox may be one that ticks: at any
/// period from a second to the timeout, whole seconds more likely. `around.survived` where deaths
/// and lives at several moments leave room for no such tick.
/// @pre around.expired
nanoseconds low_if_it_ticks(std::span<const observation> seen, const interval& around);

}  // namespace deadair::estimate
