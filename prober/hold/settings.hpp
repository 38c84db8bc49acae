#pragma once

#include <optional>
#include <span>
#include <string>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"

/// Connections held with settings that are meant to keep them alive: what is said on them, when,
/// and what it proves. Pure: time comes in as nanoseconds since the run's start.
namespace deadair::hold {

using time = nanoseconds;

/// What a user sets at the client; nothing set is nothing done.
struct settings {
    std::optional<nanoseconds>
        tcp_keepalive{};                   ///< silence after which the kernel asks, whole seconds
    std::optional<nanoseconds> ws_ping{};  ///< from ping to ping
    std::optional<nanoseconds>
        idle_reconnect{};                  ///< idle longer, a connection is replaced before use
    std::optional<nanoseconds> max_age{};  ///< older, it is replaced whatever it does

    std::optional<nanoseconds> tcp_keepalive_interval{};  ///< from question to question; else 75 s
    std::optional<int> tcp_keepalive_count{};             ///< questions without answer; else 9

    bool refreshes(transport kind) const
    {
        return tcp_keepalive || (ws_ping && is_websocket(kind));
    }
    friend bool operator==(const settings&, const settings&) = default;
};

/// "TCP keepalive after 80 s, WebSocket ping every 25 s, replaced when idle for 10 min, replaced at
/// an age of 1 h"
std::string describe(const settings& these);

/// What is to be held, as far as it can contradict itself.
struct demand {
    settings with;
    std::span<const transport> transports;
    std::span<const direction> directions;
    std::optional<nanoseconds> assumed;  ///< --assume-timeout
};

/// @return why this cannot prove anything, in one sentence with the way out; nullopt if it can.
std::optional<std::string> refuse(const demand& asked);

}  // namespace deadair::hold
