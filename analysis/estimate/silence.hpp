#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// The likelihood that everything is compared on: what one silence says of when a binding goes.
/// Pure.
namespace deadair::estimate {

inline constexpr double never = std::numeric_limits<double>::infinity();

/// The binding went at an age in (alive_until, dead_by]. Alive at an age: dead_by is `never`. Dead
/// by an age: alive_until is below zero. Died at an age: both, a few milliseconds apart.
struct silence {
    double alive_until_s{-never};
    double dead_by_s{never};
    std::uint32_t packets{};  ///< that went unanswered; 0: it was told
    std::uint32_t connection{};

    bool lived() const { return dead_by_s == never; }
    bool died_at() const { return !lived() && alive_until_s >= 0; }
};

/// Without what is void, in the same order.
std::vector<silence> silences_of(std::span<const observation> seen);

/// The same where an end by itself may have been told as late as one sharp timeout tells it: else
/// an explanation would win by that slack alone.
silence with_slack(silence of);

/// A probe on a living connection is taken for lost by chance no more often than this, as the
/// logarithm: what remains when its retransmissions are counted is a burst that nobody noticed.
inline constexpr double log_stray = -11.5;
/// A delivery is never false, and neither is an end at a known age.
inline constexpr double log_impossible = -14;
/// So much less likely, as a logarithm, is what 99 of 100 would not show.
inline constexpr double log_one_in_hundred = -4.6;

/// The chance, as a logarithm, that this died although its binding goes only at `expiry_s`: its
/// packets that left before were lost by chance, or it was told a little early.
double log_premature(const silence& of, double expiry_s, double packet_loss);

/// One idle timeout for all.
struct sharp_fit {
    double log_likelihood{};
    double survived_s{};           ///< below the timeout
    std::vector<std::size_t> odd;  ///< which silences ended too early for packet loss to be why
};
sharp_fit fit_sharp(std::span<const silence> seen, double packet_loss);

}  // namespace deadair::estimate
