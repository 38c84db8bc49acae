#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "echo-server/wire/bytes.hpp"

namespace deadair::wire {

/// The groups of which the server takes a key: X25519, P-256, P-384 (RFC 8446, section 4.2.7).
inline constexpr std::array<std::uint16_t, 3> key_groups{0x001d, 0x0017, 0x0018};

/// Whether a TLS hello's key_share extension (RFC 8446, section 4.2.8) brings a key of one of these
/// groups.
constexpr bool has_key_share(bytes extension, std::span<const std::uint16_t> groups)
{
    const auto number = [&](std::size_t at) {
        return static_cast<std::uint16_t>((std::to_integer<unsigned>(extension[at]) << 8) |
                                          std::to_integer<unsigned>(extension[at + 1]));
    };
    constexpr std::size_t list_head = 2;
    constexpr std::size_t share_head = 4;
    extension = extension.subspan(std::min(list_head, extension.size()));
    while (extension.size() >= share_head) {
        if (std::ranges::find(groups, number(0)) != groups.end())
            return true;
        const std::size_t size = share_head + number(2);
        extension = extension.subspan(std::min(size, extension.size()));
    }
    return false;
}

}  // namespace deadair::wire
