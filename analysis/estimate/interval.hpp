#pragma once

#include <optional>
#include <span>

#include "analysis/estimate/estimate.hpp"

/// The interval around a sharp idle timeout. Pure.
namespace deadair::estimate {

inline bool is_alive(const observation& seen)
{
    return seen.result == outcome::delivered;
}

/// Did not arrive while it should have: `late` counts, since something had to revive it first.
inline bool is_dead(const observation& seen)
{
    return seen.result != outcome::delivered && seen.result != outcome::voided;
}

/// A reset or an orderly close: somebody acted. No packet loss looks like that.
inline bool is_told(const observation& seen)
{
    return seen.result == outcome::reset || seen.result == outcome::closed;
}

/// When a probe's packet left, after the first: retransmissions leave after 1, 3, 7 timeouts of
/// Linux's minimum plus a short round trip (RFC 6298).
inline nanoseconds retransmitted_after(std::uint32_t packet)
{
    return ((1U << packet) - 1) * std::chrono::milliseconds{250};
}

struct interval {
    nanoseconds survived{};              ///< longest idle age surely delivered; 0: none
    std::optional<nanoseconds> expired;  ///< idle age by which it is surely gone
    double confidence{};                 ///< that the timeout lies between the two
    /// Some did not arrive, but too few to exclude packet loss.
    bool thin{};
};

/// A delivery is never false: what was not delivered at a smaller age was packet loss, and is
/// left out. What was not delivered above is believed when chance is excluded: two connections,
/// or one that was told, and so many unanswered packets that losing all of them by chance is
/// less likely than 1 in 1000.
interval bracket(std::span<const observation> seen, double packet_loss);

}  // namespace deadair::estimate
