#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "analysis/words/duration.hpp"

namespace deadair::simulation {

struct span_of_time {
    nanoseconds from{};
    nanoseconds to{};

    bool holds(nanoseconds when) const { return from <= when && when < to; }
};

/// What the path does beside the middlebox, and what befalls its two ends.
struct network {
    double loss{};  ///< chance that one packet is lost
    nanoseconds round_trip{std::chrono::milliseconds{50}};
    std::vector<span_of_time> outages;  ///< nothing passes, in order of time; too short: unnoticed
    std::optional<nanoseconds> server_restart{};
    nanoseconds server_down_for{std::chrono::seconds{1}};
    std::optional<nanoseconds> suspended_at{};  ///< the prober's host sleeps, and wakes later
    nanoseconds suspended_for{std::chrono::minutes{10}};
    std::optional<span_of_time> server_mute{};  ///< its reports of that time never come
    bool server_keeps_quiet{};                  ///< it never says that it spoke

    /// A keepalive without an answer is followed by another after so long (TCP_KEEPINTVL); nullopt:
    /// none is before the next is due.
    std::optional<nanoseconds> keepalive_interval{};

    bool blocked(nanoseconds when) const
    {
        return std::ranges::any_of(outages, [&](const auto& each) { return each.holds(when); });
    }
};

}  // namespace deadair::simulation
