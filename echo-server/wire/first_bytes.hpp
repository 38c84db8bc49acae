#pragma once

#include <cstdint>

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

}  // namespace deadair::wire
