#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Bounds on what a peer can make the other end keep or do.
namespace deadair::wire {

/// Largest body of a frame once a peer is known.
inline constexpr std::size_t body_max = 16 * 1024;
/// Largest body before it is known; a hello needs 96 bytes.
inline constexpr std::size_t unauthenticated_body_max = 256;
/// All that a peer may send before it is known, TLS handshake included.
inline constexpr std::size_t unauthenticated_bytes_max = 16 * 1024;
/// Largest TLS ClientHello; with post-quantum key shares it has about 2 KiB.
inline constexpr std::size_t client_hello_max = 8 * 1024;
/// Largest HTTP upgrade request or answer.
inline constexpr std::size_t upgrade_max = 4096;
/// Bytes waiting for a peer that does not read; more ends the connection.
inline constexpr std::size_t queued_max = 256 * 1024;
/// Tickets in one answer.
inline constexpr std::uint16_t tickets_max = 256;
/// Unused tickets of a session that are valid; the oldest makes room for another. Enough for those
/// that are on their way while as many again are asked for.
inline constexpr std::size_t tickets_unused_max = 1024;
/// How long a ticket that nobody used is valid.
inline constexpr std::chrono::minutes ticket_lifetime{10};
/// Reports kept for a session whose control connection is away, and for all of them.
inline constexpr std::size_t reports_kept_bytes_max = 256 * 1024;
inline constexpr std::size_t reports_kept_in_all_bytes_max = 64 * 1024 * 1024;

/// Largest transfer, and bytes of it in one frame: with its header such a frame is 16 KiB.
inline constexpr std::uint64_t transfer_max = 100'000'000;
inline constexpr std::size_t bulk_max = body_max - 8;

/// From accept to proof; a slower peer is cut.
inline constexpr std::chrono::seconds authentication_deadline{10};
/// The server refreshes a connection at most so often.
inline constexpr std::chrono::milliseconds refresh_interval_min{100};
/// The same for keepalives that go only so many hops, how many hops that may be, and on how many
/// connections of a session at a time.
inline constexpr std::chrono::milliseconds refresh_within_interval_min{1000};
inline constexpr std::uint8_t refresh_hops_max = 64;
inline constexpr int refreshed_within_max = 128;
/// How long a session outlives its control connection.
inline constexpr std::chrono::seconds session_grace{120};
/// The prober's heartbeat; the server cuts a control connection silent for `control_silence_max`.
inline constexpr std::chrono::milliseconds heartbeat_interval{500};
inline constexpr std::chrono::seconds control_silence_max{30};

}  // namespace deadair::wire
