#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "analysis/capture/segment.hpp"

namespace deadair::capture {

/// How the packets of a capture begin.
enum class link : std::uint8_t {
    ethernet,
    linux_cooked,    ///< `any` of tcpdump
    linux_cooked_2,  ///< the same of libpcap 1.10 and later
    raw_ip,
    loopback,  ///< of BSD: four bytes with the family
};

/// Reads the headers of one packet, VLAN tags and IPv6 extensions passed over.
/// @param captured  what was kept of it; may end anywhere
/// @return nullopt if it is no TCP, a later fragment, or too little of it was kept.
std::optional<segment> read_segment(link begins, std::span<const std::uint8_t> captured,
                                    nanoseconds at);

}  // namespace deadair::capture
