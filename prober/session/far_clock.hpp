#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "analysis/words/duration.hpp"

namespace deadair::prober {

/// Translates the server's monotonic clock to ours, from the heartbeats' round trips. Of the last
/// `window` the one with the shortest trip is the most exact (the clock filter of NTP, RFC 5905,
/// section 10). Pure.
class far_clock {
public:
    /// A reading of a monotonic clock: no host has been up for a hundred years.
    static bool sensible(nanoseconds far)
    {
        constexpr nanoseconds most = std::chrono::years{100};
        return far >= -most && far <= most;
    }
    /// A heartbeat left at `sent`, was answered at `far` by the server's clock, came at `received`.
    void sample(nanoseconds sent, nanoseconds far, nanoseconds received);

    bool ready() const { return count_ > 0; }
    /// What is no sensible reading is as far from now as can be.
    nanoseconds to_ours(nanoseconds far) const;
    /// The translation is off by at most this: half the shortest round trip.
    nanoseconds error() const { return best().round_trip / 2; }
    nanoseconds round_trip() const { return best().round_trip; }

private:
    static constexpr std::size_t window = 16;
    struct reading {
        nanoseconds offset{};  // ours less theirs
        nanoseconds round_trip{};
    };
    const reading& best() const;

    std::array<reading, window> readings_{};
    std::size_t count_{};
};

}  // namespace deadair::prober
