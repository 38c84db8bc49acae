#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/words/words.hpp"

namespace deadair::prober::evidence {

struct url {
    bool secured{true};
    std::string host;
    std::uint16_t port{};
    std::string path{"/"};
    bool websocket{false};  ///< asks for a WebSocket, whose answer is short and no end
    std::optional<address_family> family{};  ///< none: whichever the system prefers
};

/// Reads `http://` and `https://` URLs; a user's name or password in it is refused.
std::optional<url> read_url(std::string_view text);

/// "https://api.example:443": what may be shown, without the path.
std::string describe(const url& of);

}  // namespace deadair::prober::evidence
