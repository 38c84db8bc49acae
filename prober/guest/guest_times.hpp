#pragma once

#include <chrono>
#include <cstdint>

#include "analysis/words/duration.hpp"
#include "echo-server/transport/socket.hpp"

/// What the sources of a stay at a server of another make share.
namespace deadair::prober {

/// What the server does so soon after an answer, or after it let us in, it does not do for the
/// silence.
inline constexpr nanoseconds server_at_once = std::chrono::seconds{1};
/// Nobody tells when the far end saw a packet, half a round trip apart; and kernels, the
/// middlebox's too, look at their timers once a jiffy (250 Hz).
inline constexpr nanoseconds timer_tick = std::chrono::milliseconds{4};
/// No connection under test has this number.
inline constexpr std::uint32_t lookout_number = 0;
/// What the number of a twin has, and no other's.
inline constexpr std::uint32_t twin_bit = 0x8000'0000;
/// What a connection hears before it is let in; no probe has this number.
inline constexpr std::uint32_t first_word = 0;

/// Of a connection that only shows what the path and the server do.
inline constexpr net::keepalive once_a_second{.idle = std::chrono::seconds{1},
                                              .interval = std::chrono::seconds{1},
                                              .count = net::keepalive_count_max};

}  // namespace deadair::prober
