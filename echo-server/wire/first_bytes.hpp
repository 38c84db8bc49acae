#pragma once

#include <cstdint>
#include <optional>

#include "echo-server/wire/bytes.hpp"

namespace deadair::wire {

/// What a peer speaks, told by the first byte it sends.
enum class opening : std::uint8_t {
    tls,      ///< a TLS record of type handshake (RFC 8446, section 5.1)
    http,     ///< a request line: "GET …"
    frames,   ///< our own frames
    unknown,  ///< nothing that we speak
};

constexpr opening opening_of(std::byte first)
{
    switch (std::to_integer<unsigned char>(first)) {
        case 0x16:
            return opening::tls;
        case 'G':
            return opening::http;
        case 'd':
            return opening::frames;
        default:
            return opening::unknown;
    }
}

/// The head of a TLS record with a handshake message in it: type, version, length; type, length
/// (RFC 8446, sections 5.1 and 4).
inline constexpr std::size_t tls_head_size = 9;
inline constexpr std::size_t tls_record_header_size = 5;

/// Size of the record, its header included, that begins with this head.
/// @return nullopt if the record, or the message that begins in it, is longer than `longest`.
///         OpenSSL would take the memory for the message, up to 128 KiB, before it has come.
constexpr std::optional<std::size_t> first_record_size(bytes head, std::size_t longest)
{
    const auto at = [&](std::size_t index) { return std::to_integer<std::size_t>(head[index]); };
    const auto record = (at(3) << 8) | at(4);
    const auto message = (at(6) << 16) | (at(7) << 8) | at(8);
    if (record > longest || message > longest)
        return std::nullopt;
    return tls_record_header_size + record;
}

}  // namespace deadair::wire
