#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/words/duration.hpp"
#include "analysis/words/socket_facts.hpp"
#include "analysis/words/words.hpp"
#include "echo-server/wire/frame.hpp"

/// The frames' bodies. Each message knows its `type`; `encode` writes a whole frame, `decode<T>`
/// reads a body. Times are nanoseconds on the sender's monotonic clock unless told otherwise.
namespace deadair::wire {

using nonce = std::array<std::byte, 32>;
using digest = std::array<std::byte, 32>;
using session_id = std::array<std::byte, 16>;
using ticket = std::array<std::byte, 16>;

/// What a socket saw of its connection's end.
enum class end_cause : std::uint8_t {
    nothing = 0,    ///< it is still open, or nothing is known
    reset = 1,      ///< RST
    closed = 2,     ///< FIN, close_notify or WebSocket close
    timed_out = 3,  ///< the kernel gave up retransmitting
    own = 4,        ///< closed by this end
    broken = 5,     ///< bytes that make no sense
};

using deadair::socket_facts;

struct hello {
    static constexpr auto type = frame_type::hello;
    nonce client_nonce{};
    session_id resume{};  ///< all zero: a new session
    bool unbound{};       ///< the TLS channel is not what the server sees: interception
};
struct challenge {
    static constexpr auto type = frame_type::challenge;
    nonce server_nonce{};
};
struct proof {
    static constexpr auto type = frame_type::proof;
    digest client{};
};
struct welcome {
    static constexpr auto type = frame_type::welcome;
    digest server{};
    session_id session{};
    bool resumed{};
    std::uint32_t connections_max{};  ///< that this session may hold at a time
};
enum class refusal : std::uint8_t {
    wrong_token = 1,
    too_many_sessions = 2,
    too_many_connections = 3,
    unknown_ticket = 4,
    malformed = 5,
    shutting_down = 6,
};
struct refused {
    static constexpr auto type = frame_type::refused;
    refusal why{};
};
struct ticket_request {
    static constexpr auto type = frame_type::ticket_request;
    std::uint16_t count{};
};
struct tickets {
    static constexpr auto type = frame_type::tickets;
    std::vector<ticket> values;
};
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
struct join {
    static constexpr auto type = frame_type::join;
    ticket admission{};
    std::uint32_t connection{};  ///< the prober's number for it
};
struct joined {
    static constexpr auto type = frame_type::joined;
    std::uint32_t connection{};
};
/// The message under test; travels in either direction.
struct probe {
    static constexpr auto type = frame_type::probe;
    std::uint32_t probe_number{};
};

/// On a probe connection: `size` bytes follow as the bodies of `bulk` frames. One transfer at a
/// time.
struct upload {
    static constexpr auto type = frame_type::upload;
    std::uint32_t transfer{};
    std::uint64_t size{};  ///< 1 to `transfer_max`
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

/// A byte of no meaning, to keep a binding alive; travels in either direction, unanswered.
struct filler {
    static constexpr auto type = frame_type::filler;
};

template <class Message>
buffer encode(const Message& message);

/// @return nullopt if the body is not exactly such a message.
template <class Message>
std::optional<Message> decode(bytes body);

std::string describe(refusal why);          ///< for people
std::string_view to_string(refusal value);  ///< "wrong_token"
std::string_view to_string(end_cause value);

}  // namespace deadair::wire
