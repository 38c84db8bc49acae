#pragma once

#include <cstdint>

#include "analysis/recommend/recommend.hpp"

/// The arithmetic behind the settings: how long before the idle timeout a sign of life must leave
/// so that retransmissions still get it through. Pure.
namespace deadair::recommend {

/// What a setting may fail with: once in a million days of use.
inline constexpr double failure_max = 1e-6;
/// Time for the process to be scheduled, beside the round trip.
inline constexpr nanoseconds scheduling{std::chrono::seconds{1}};
/// Outages so long are to be survived.
inline constexpr nanoseconds burst{std::chrono::seconds{10}};

/// The longest idle age that is safe to build on: the edge of what was survived, less a margin
/// against what the measurement could not see.
nanoseconds safe_age(nanoseconds survived);

/// The retransmission timeout as Linux computes it (RFC 6298, but 200 ms at least).
nanoseconds retransmission_timeout(const conditions& given);

/// The chance that a packet or its acknowledgement is lost; less than 0.1 % each is not believed.
double exchange_loss(double packet_loss);

/// How many tries until all but `chance` have got through; at least 2.
unsigned tries_for(double chance, double packet_loss);

/// When the last of `tries` transmissions leaves, after the first: (2^(tries-1) - 1) RTO, each
/// step at most 120 s.
nanoseconds last_try_after(unsigned tries, nanoseconds rto);

struct keepalive {
    nanoseconds idle{};
    nanoseconds interval{};
    unsigned count{};
    nanoseconds detection{};  ///< until a dead peer is noticed
};
/// @param safe  from `safe_age`
keepalive tcp_keepalive(nanoseconds safe, const conditions& given);
/// The longest interval at which keepalives still protect.
nanoseconds tcp_keepalive_max(nanoseconds safe, const conditions& given);
nanoseconds data_ping_max(nanoseconds safe, const conditions& given);
/// How long a ping's answer may take: its retransmissions, or an outage that is to be survived.
nanoseconds pong_wait_max(const conditions& given);
/// The last moment at which an idle connection may be used again; 0 or less: never.
nanoseconds reuse_max(nanoseconds safe, const conditions& given);

}  // namespace deadair::recommend
