#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "analysis/words/words.hpp"

namespace deadair {

/// One end of a TCP connection.
struct endpoint {
    address_family family{address_family::ipv4};
    std::array<std::uint8_t, 16> address{};  ///< IPv4: the first four
    std::uint16_t port{};

    friend auto operator<=>(const endpoint&, const endpoint&) = default;
};

}  // namespace deadair
