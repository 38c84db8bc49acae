#pragma once

#include <string>

#include "analysis/words/duration.hpp"

/// Settings as people write them: rounded down, so that none is later than what was measured, as
/// long as it is no less than what can be set.
namespace deadair::recommend {

/// What is less than this is nothing that could be set.
inline constexpr nanoseconds finest = std::chrono::milliseconds{100};

/// Seconds, 1 at least: for what takes no fractions.
double whole_seconds(nanoseconds value);
/// Seconds; below ten a tenth matters.
double fine_seconds(nanoseconds value);
/// "594 s": beside a value that people write in seconds.
std::string seconds_text(nanoseconds value);

}  // namespace deadair::recommend
