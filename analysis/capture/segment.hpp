#pragma once

#include <array>
#include <cstdint>

#include "analysis/words/duration.hpp"
#include "analysis/words/endpoint.hpp"

namespace deadair::capture {

/// TCP's flags, as they stand in its header (RFC 9293, section 3.1).
struct tcp_flags {
    bool fin{};
    bool syn{};
    bool reset{};
    bool acknowledges{};
};

/// What a capture shows of one TCP segment.
struct segment {
    nanoseconds at{};  ///< since 1970, UTC
    endpoint from;
    endpoint to;
    std::uint32_t sequence{};
    std::uint32_t acknowledged{};
    tcp_flags flags;
    std::uint16_t window{};
    std::uint32_t payload{};  ///< bytes on the wire, though fewer may have been captured
    std::uint8_t ttl{};       ///< IPv6: hop limit
    std::array<std::uint8_t, 4> first{};  ///< bytes of the payload, 0 where it is shorter
};

}  // namespace deadair::capture
