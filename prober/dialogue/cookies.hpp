#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace deadair::dialogue {

/// Who is to get cookies.
struct cookie_reader {
    std::string_view host;
    std::string_view path;  ///< with its query, if it has one
    bool secured{};
    std::chrono::seconds now{};  ///< since 1970
};

/// What a request's Cookie field says (RFC 6265, section 5.4), of a file as curl and the exports of
/// browsers write it (seven fields a line, parted by tabs), or with a `name=value` a line, which
/// anybody gets. Empty: none is for this reader. nullopt: it holds a line of another kind.
std::optional<std::string> cookies_for(const cookie_reader& to, std::string_view file);

}  // namespace deadair::dialogue
