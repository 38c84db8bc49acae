#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "echo-server/wire/bytes.hpp"

/// Frames: what travels on every transport. On TCP and TLS they follow each other; on a
/// WebSocket each is one binary message. docs/protocol.md has the whole protocol.
namespace deadair::wire {

inline constexpr std::uint8_t protocol_version = 1;
/// "dA", version, type, body length as 32 bits.
inline constexpr std::size_t header_size = 8;
inline constexpr std::array magic{std::byte{'d'}, std::byte{'A'}};

enum class frame_type : std::uint8_t {
    // control connection
    hello = 1,
    challenge = 2,
    proof = 3,
    welcome = 4,
    refused = 5,
    ticket_request = 6,
    tickets = 7,
    speak = 8,
    spoke = 9,
    received = 10,
    heartbeat = 11,
    heartbeat_echo = 12,
    ended = 13,
    query = 14,
    state = 15,
    download = 16,
    transferred = 17,
    refresh = 18,
    refresh_within = 19,
    abilities = 20,
    // probe connections
    join = 32,
    joined = 33,
    probe = 34,
    upload = 35,
    bulk = 36,
    filler = 37,
};

struct frame {
    frame_type type{};
    bytes body;  ///< points into what was decoded
};

enum class frame_error : std::uint8_t {
    none,
    incomplete,       ///< more bytes are needed
    not_a_frame,      ///< the magic is missing
    unknown_version,  ///< another version of the protocol
    too_long,         ///< the body exceeds the bound
};

struct decoded {
    frame_error error{frame_error::incomplete};
    frame value;
    std::size_t consumed{};  ///< bytes of the input that the frame took
};

/// Decodes the frame at the front of `input`. An unknown type is for the caller to refuse.
decoded decode_frame(bytes input, std::size_t body_limit);

/// Length of the body that a head announces. @pre `head` is the first `header_size` bytes of a
/// frame
std::size_t body_size(bytes head);

/// The head of a frame of which the body follows in the same buffer, which was empty. `end_frame`
/// writes how long the body became.
void begin_frame(buffer& out, frame_type type);
void end_frame(buffer& frame);

/// A whole frame around `body`.
buffer encode_frame(frame_type type, bytes body);

}  // namespace deadair::wire
