#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "echo-server/wire/bytes.hpp"

/// The frames of RFC 6455, section 5. Pure, and without a byte of state between messages: that
/// is why an idle WebSocket connection costs no more than its TLS (a Beast stream keeps 4 KiB),
/// and why nothing is ever sent that we did not ask for. The HTTP upgrade is Beast's.
namespace deadair::wire {

enum class opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10,
};

enum class role : std::uint8_t { client, server };

using mask = std::array<std::byte, 4>;

struct websocket_frame {
    opcode code{};
    bool final{};
    std::size_t payload_offset{};
    std::size_t payload_size{};
    std::optional<mask> masked_by{};
    std::size_t size() const { return payload_offset + payload_size; }
};

enum class websocket_error : std::uint8_t { none, incomplete, broken, too_long };

struct decoded_websocket {
    websocket_error error{websocket_error::incomplete};
    websocket_frame value;
};

/// Reads the frame at the front of `input`, as `reader_role` must see it: a server takes only
/// masked frames, a client only unmasked ones; reserved bits, unknown opcodes and fragmented or
/// long control frames are `broken`; more than `payload_limit` is `too_long`.
decoded_websocket decode_websocket(bytes input, role reader_role, std::size_t payload_limit);

/// Masks or unmasks in place.
void apply_mask(std::span<std::byte> payload, const mask& key);

/// A whole frame, final. A client passes a fresh random mask, a server none.
buffer encode_websocket(opcode code, bytes payload, const std::optional<mask>& key);

}  // namespace deadair::wire
