#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadair {

/// A URL (RFC 3986) by which a person names a server, a proxy or a service.
struct url {
    std::string scheme;                 ///< in lower case
    std::string host;                   ///< IPv6 without its brackets; never empty
    std::optional<std::uint16_t> port;  ///< as written, never 0
    std::string user;                   ///< decoded; empty: none
    std::string password;
    std::string target;  ///< path and query as written; "/" where nothing is
};

/// Reads `SCHEME://[USER[:PASSWORD]@]HOST[:PORT][/PATH][?QUERY]`. What RFC 3986 reserves stands in
/// a user or password as %XX. Nullopt if it is none, or holds a control character.
std::optional<url> parse_url(std::string_view text);

/// What may be shown and kept of a URL: "https://api.example:8443".
std::string shown(const url& of);

/// The same for any word of a command line, URL or not, well written or not: what stands before
/// the host, and what stands behind it, is left out where there is a URL: "https://***@h:1/***".
std::string without_secrets(std::string_view word);

}  // namespace deadair
