#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "echo-server/wire/bytes.hpp"
#include "prober/dialogue/dialogue.hpp"

/// The head of an HTTP/1.1 answer (RFC 9112, sections 4 and 5).
namespace deadair::dialogue {

/// A longer one is taken for nonsense.
inline constexpr std::size_t answer_head_max = 65536;

struct answer_head {
    unsigned status{};
    bool lasting{};  ///< the connection stays open after it
    std::size_t size{};
    std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case

    /// The first of that name; empty: there is none.
    std::string_view field(std::string_view name) const;
    /// Whether a list of words holds this one, whatever the case.
    bool says(std::string_view name, std::string_view word) const;
};

enum class reading : std::uint8_t { whole, more, nonsense };
struct read_head {
    reading how{reading::more};
    answer_head head;
};
/// Reads the head at the front; interim answers (1xx but 101) are passed over, and counted in
/// `size`.
read_head read_answer_head(wire::bytes input);

/// The request line and the fields that every request of ours has, and the user's; no empty line.
/// @param target  path and query
std::string request_head(std::string_view method, std::string_view target, const words& said);

/// Why a server that answers so will not have us; empty: it will.
std::string refusal_of(const answer_head& head);

}  // namespace deadair::dialogue
