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

/// What is looked at of a TLS flight before OpenSSL gets it: record and message headers.
inline constexpr std::size_t flight_head_size = 9;

/// False for a ClientHello that announces more than `longest` bytes: OpenSSL would take the memory
/// for it, up to 128 KiB, before the first of them has come. Nullopt: not all of the head is there.
constexpr std::optional<bool> hello_fits(bytes head, std::size_t longest)
{
    constexpr std::byte client_hello{1};
    if (head.empty() || opening_of(head.front()) != opening::tls)
        return true;
    if (head.size() < flight_head_size)
        return std::nullopt;
    const auto length = (std::to_integer<std::size_t>(head[6]) << 16) |
                        (std::to_integer<std::size_t>(head[7]) << 8) |
                        std::to_integer<std::size_t>(head[8]);
    return head[5] != client_hello || length <= longest;
}

}  // namespace deadair::wire
