#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "echo-server/wire/bytes.hpp"

/// Tokens: the secret that a prober and its server share. Pure.
namespace deadair::wire {

/// 32 random bytes, written as 64 hexadecimal digits. The secret is what it is; the name is what
/// logs call it, and may change.
struct token {
    std::string name;
    buffer secret;
};

inline constexpr std::size_t token_size = 32;
/// A file may hold so many; each proof is tried against all.
inline constexpr std::size_t tokens_max = 64;

struct token_list {
    std::vector<token> tokens;
    std::string error;  ///< for people, naming the line; empty if all is well
};

/// Reads lines of `HEX` or `NAME HEX`; empty lines and what follows `#` do not count. A token
/// without a name is called by its line: "token-1". One that stands there twice counts once.
token_list parse_tokens(std::string_view text);

/// 64 hexadecimal digits, or nullopt.
std::optional<buffer> parse_secret(std::string_view hex);
std::string to_hex(bytes value);

/// Takes the same time whatever differs.
bool same_secret(bytes left, bytes right);

}  // namespace deadair::wire
