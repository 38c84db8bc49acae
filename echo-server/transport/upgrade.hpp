#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "echo-server/wire/bytes.hpp"

/// The HTTP upgrade to WebSocket (RFC 6455, section 4), parsed by Boost.Beast, over bytes that
/// the caller has read. No stream, no socket.
namespace deadair::net {

enum class upgrade_error : std::uint8_t {
    none,
    incomplete,  ///< more bytes are needed
    broken,      ///< not HTTP, too long, or no WebSocket upgrade
    refused,     ///< the server answered with another status
};

struct upgrade_request {
    upgrade_error error{upgrade_error::incomplete};
    std::string target;         ///< "/deadair"
    std::string key;            ///< Sec-WebSocket-Key
    std::string authorization;  ///< the Authorization header, for clients of another make
    std::size_t consumed{};
};

upgrade_request parse_upgrade_request(wire::bytes input);
/// The answer that accepts the request with this key.
std::string upgrade_answer(const std::string& key);
/// An answer that refuses, with its status line ("401 Unauthorized").
std::string upgrade_refusal(const std::string& status);

struct upgrade_response {
    upgrade_error error{upgrade_error::incomplete};
    unsigned status{};
    std::size_t consumed{};
};

/// Asks an HTTP proxy for the way to `authority` ("host:port"), as `user` unless that is empty.
std::string connect_request_text(const std::string& authority, const std::string& user,
                                 const std::string& password);
/// `none` for a status of 2xx, else `refused`.
upgrade_response parse_connect_answer(wire::bytes input);

/// A request with a fresh random `key` of 16 bytes, in base64.
std::string upgrade_request_text(const std::string& host, const std::string& key);
std::string fresh_upgrade_key();
/// RFC 6455, section 4.2.2: what proves that an answer belongs to the request with this key.
std::string accept_value(const std::string& key);
/// RFC 4648, section 4.
std::string base64(std::string_view value);
/// Holds the answer against the key that was sent.
upgrade_response parse_upgrade_response(wire::bytes input, const std::string& key);

}  // namespace deadair::net
