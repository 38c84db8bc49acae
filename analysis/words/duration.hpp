#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace deadair {

/// Time since the run's start on the monotonic clock, and lengths of time. Nanoseconds,
/// because they are exact where doubles are not; 292 years fit.
using nanoseconds = std::chrono::nanoseconds;

/// Reads a duration as people write it on a command line: a number with one of the units
/// `ms`, `s`, `m`, `h`, `d`; parts may be joined ("1h30m"), a fraction is fine ("0.5s").
/// @return nullopt for anything else, for a negative value and for more than 10 years.
std::optional<nanoseconds> parse_duration(std::string_view text);

/// Writes a duration for people, short and unambiguous: "350 ms", "19.98 s", "15 min",
/// "2 h 4 min", "1 d". Three to four significant digits; not meant to be read back.
std::string format_duration(nanoseconds value);

/// Seconds as stored in SQLite and printed in JSON.
constexpr double to_seconds(nanoseconds value)
{
    return std::chrono::duration<double>(value).count();
}

/// The inverse of `to_seconds`, rounded to the nanosecond.
constexpr nanoseconds from_seconds(double value)
{
    return std::chrono::round<nanoseconds>(std::chrono::duration<double>(value));
}

}  // namespace deadair
