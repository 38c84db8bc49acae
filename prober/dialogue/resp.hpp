#pragma once

#include <string_view>
#include <vector>

#include "echo-server/wire/bytes.hpp"

/// One reply in Redis's protocol (RESP2): a line, or a flat list of strings and numbers.
namespace deadair::dialogue {

struct resp_reply {
    enum class reading : std::uint8_t { whole, more, nonsense };

    reading how{reading::more};
    char kind{};                          ///< '+', '-', ':' or '*'
    std::string_view text{};              ///< of a line
    std::vector<std::string_view> items;  ///< of a list
    std::size_t size{};                   ///< in bytes
};

/// Reads the reply at the front; its texts are parts of `input`. Longer than anything that we are
/// told, or of another kind, is nonsense.
resp_reply read_resp(wire::bytes input);

}  // namespace deadair::dialogue
