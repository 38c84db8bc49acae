#pragma once

#include <algorithm>
#include <chrono>

namespace deadair::echo_server {

/// What a peer may make us do: so many messages and bytes a second, and twice that at once.
struct rate_limits {
    double messages_per_second{};
    double bytes_per_second{};
};

/// A token bucket for each (RFC 2697 calls them so; not our tokens). Knows no clock.
class allowance {
public:
    using time = std::chrono::steady_clock::time_point;
    static constexpr double burst_seconds = 2;

    allowance() = default;
    allowance(const rate_limits& limits, time now)
        : limits_{limits},
          messages_{burst_seconds * limits.messages_per_second},
          bytes_{burst_seconds * limits.bytes_per_second},
          at_{now}
    {
    }

    /// @return false when it is used up.
    bool take(double messages, double bytes, time now)
    {
        const double passed = std::chrono::duration<double>(now - at_).count();
        at_ = now;
        refill(messages_, limits_.messages_per_second, passed);
        refill(bytes_, limits_.bytes_per_second, passed);
        messages_ -= messages;
        bytes_ -= bytes;
        return messages_ >= 0 && bytes_ >= 0;
    }

    /// Whether so many bytes are left now, without taking them.
    bool covers(double bytes, time now)
    {
        (void)take(0, 0, now);
        return bytes_ >= bytes;
    }

private:
    static void refill(double& left, double per_second, double passed)
    {
        left = std::min(left + passed * per_second, burst_seconds * per_second);
    }

    rate_limits limits_;
    double messages_{};
    double bytes_{};
    time at_{};
};

}  // namespace deadair::echo_server
