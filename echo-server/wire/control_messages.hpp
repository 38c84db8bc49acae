#pragma once

#include <chrono>
#include <cstdint>

#include "analysis/words/duration.hpp"
#include "analysis/words/words.hpp"
#include "echo-server/wire/facts.hpp"
#include "echo-server/wire/frame.hpp"

/// What a control connection carries once both ends trust each other.
namespace deadair::wire {

/// Prober to server: say something on this connection now.
struct speak {
    static constexpr auto type = frame_type::speak;
    std::uint32_t probe{};
    std::uint32_t connection{};
};
/// Server to prober: done. `cause` other than `nothing`: the connection had ended before.
struct spoke {
    static constexpr auto type = frame_type::spoke;
    std::uint32_t probe{};
    std::uint32_t connection{};
    end_cause cause{};
    nanoseconds at{};
    socket_facts before;  ///< as the silence ended
};
/// Server to prober: your probe arrived.
struct received {
    static constexpr auto type = frame_type::received;
    std::uint32_t probe{};
    std::uint32_t connection{};
    nanoseconds at{};
    socket_facts after;
};
struct heartbeat {
    static constexpr auto type = frame_type::heartbeat;
    std::uint32_t sequence{};
    nanoseconds prober_time{};
};
struct heartbeat_echo {
    static constexpr auto type = frame_type::heartbeat_echo;
    std::uint32_t sequence{};
    nanoseconds prober_time{};
    nanoseconds server_time{};
};
/// Server to prober: this connection ended, and how.
struct ended {
    static constexpr auto type = frame_type::ended;
    std::uint32_t connection{};
    end_cause cause{};
    nanoseconds at{};
    socket_facts last;
};
/// Prober to server: from now on send this on the connection, so often; `none` ends it. What the
/// prober sends itself needs no word.
struct refresh_request {
    static constexpr auto type = frame_type::refresh;
    std::uint32_t connection{};
    refresh by{};
    std::chrono::milliseconds every{};  ///< at least `refresh_interval_min`
};
/// Prober to server: from now on send a TCP keepalive on the connection that goes so many hops, so
/// often, in place of any other refresh; 0 hops end it. Only where `abilities` say so.
struct refresh_within {
    static constexpr auto type = frame_type::refresh_within;
    std::uint32_t connection{};
    std::uint8_t hops{};                ///< at most `refresh_hops_max`
    std::chrono::milliseconds every{};  ///< at least `refresh_within_interval_min`
};
struct query {
    static constexpr auto type = frame_type::query;
    std::uint32_t connection{};
};
struct state {
    static constexpr auto type = frame_type::state;
    std::uint32_t connection{};
    bool open{};
    nanoseconds at{};
    socket_facts now;
};

/// Prober to server, over the control connection: send so many bytes on this connection.
struct download {
    static constexpr auto type = frame_type::download;
    std::uint32_t transfer{};
    std::uint32_t connection{};
    std::uint64_t size{};  ///< 1 to `transfer_max`
};
enum class transfer_end : std::uint8_t {
    complete = 0,  ///< an upload: all has arrived; a download: all was handed to the kernel
    cut = 1,       ///< the connection ended before
    refused = 2,   ///< over a limit, or no such connection
};
/// Server to prober: a transfer is over.
struct transferred {
    static constexpr auto type = frame_type::transferred;
    std::uint32_t transfer{};
    std::uint32_t connection{};
    transfer_end how{};
    std::uint64_t size{};  ///< bytes that arrived, or were handed to the kernel
    nanoseconds began{};   ///< the first of them; 0 if there was none
    nanoseconds at{};      ///< the last
    socket_facts last;
};

}  // namespace deadair::wire
