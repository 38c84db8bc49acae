#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "echo-server/wire/bytes.hpp"

/// Tokens: the secret that a prober and its server share. Pure.
namespace deadair::wire {

/// 32 random bytes, written as 64 hexadecimal digits, with a name for logs and revocation.
struct token {
    std::string name;
    buffer secret;
    bool operator==(const token&) const = default;
};

inline constexpr std::size_t token_size = 32;
/// A file may hold so many; each proof is tried against all.
inline constexpr std::size_t tokens_max = 64;

struct token_list {
    std::vector<token> tokens;
    std::string error;  ///< for people, naming the line; empty if all is well
};

/// Reads lines of `HEX` or `NAME HEX`; empty lines and what follows `#` do not count. A token
/// without a name is called by its line: "token-1".
token_list parse_tokens(std::string_view text);

/// 64 hexadecimal digits, or nullopt.
std::optional<buffer> parse_secret(std::string_view hex);
std::string to_hex(bytes value);

/// The token that is written so, or nullptr. Compares all, each in constant time.
const token* find_token(std::span<const token> known, std::string_view hex);

}  // namespace deadair::wire
