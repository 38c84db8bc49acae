#pragma once

#include <algorithm>

#include "analysis/words/duration.hpp"

namespace deadair {

/// An end is seen no more exactly than a scheduler wakes a process.
inline constexpr nanoseconds moment_error = std::chrono::milliseconds{2};

/// Whoever resets or closes does so by a timer of its own, which counts from what it saw itself and
/// is late by what its work takes (HAProxy on a busy host: 0.1 s): told so little before an age
/// that another connection survived, it is the same timeout.
constexpr nanoseconds told_slack(nanoseconds survived)
{
    return std::max<nanoseconds>(std::chrono::milliseconds{150}, survived / 100);
}

}  // namespace deadair
