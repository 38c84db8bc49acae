#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "analysis/words/duration.hpp"

namespace deadair::prober {

/// The run's time: nanoseconds since its start on the monotonic clock, which nobody sets.
class run_clock {
public:
    using steady = std::chrono::steady_clock;

    nanoseconds now() const { return steady::now() - start_; }
    steady::time_point at(nanoseconds since_start) const { return start_ + since_start; }
    /// A reading of the monotonic clock as time of this run.
    nanoseconds of_monotonic(nanoseconds reading) const
    {
        return reading - start_.time_since_epoch();
    }

private:
    steady::time_point start_{steady::now()};
};

/// Tells whether the host slept: CLOCK_BOOTTIME runs on while CLOCK_MONOTONIC stands still
/// (clock_gettime(2)).
class sleep_watch {
public:
    using lead = nanoseconds (*)();

    /// @param by  how far CLOCK_BOOTTIME is ahead of CLOCK_MONOTONIC
    explicit sleep_watch(lead by = &boot_lead) : by_{by}, lead_{by()} {}
    /// How long the host has slept since the last call.
    nanoseconds slept();

private:
    static nanoseconds boot_lead();

    lead by_;
    nanoseconds lead_;
};

/// Now, in UTC, ISO 8601 with milliseconds.
std::string utc_now();

/// How long ago that was by the wall clock, which may have been set meanwhile; nullopt if `text` is
/// no such time.
std::optional<nanoseconds> age_of_utc(const std::string& text);

}  // namespace deadair::prober
