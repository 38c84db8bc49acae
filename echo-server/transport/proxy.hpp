#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "echo-server/wire/bytes.hpp"

/// The way to a server through a proxy: HTTP CONNECT (RFC 9110, section 9.3.6) or SOCKS5 (RFC 1928,
/// with a user's name and password by RFC 1929). No socket: bytes in, bytes out.
namespace deadair::net {

struct proxy_server {
    enum class language : std::uint8_t { http, socks5 };
    language speaks{};
    std::string host;
    std::uint16_t port{};
    std::string user;  ///< empty: it lets everybody in
    std::string password;
};

/// "http://HOST:PORT" or "socks5://HOST:PORT", with "USER:PASSWORD@" before the host if need be;
/// in them stands as %XX what a URL reserves.
std::optional<proxy_server> parse_proxy(std::string_view text);
/// The same without user and password, for people and records.
std::string describe(const proxy_server& what);

/// What is said to a proxy until it has opened the way to `host:port`.
class proxy_dialogue {
public:
    /// @param by  outlives the dialogue
    proxy_dialogue(const proxy_server& by, std::string host, std::uint16_t port);

    enum class verdict : std::uint8_t {
        more,    ///< send `reply`, and bring more bytes
        open,    ///< what comes now is the server's
        refused  ///< `why` is one sentence for people
    };
    struct answer {
        verdict is{verdict::more};
        std::size_t consumed{};
        wire::buffer reply;
        std::string why;
    };

    /// What the client says first.
    wire::buffer begin() const;
    /// Takes what the proxy said; nothing is consumed as long as bytes are missing.
    answer take(wire::bytes input);

private:
    enum class stage : std::uint8_t { http, method, authentication, connection };

    answer take_http(wire::bytes input) const;
    answer take_method(wire::bytes input);
    answer take_authentication(wire::bytes input);
    answer take_connection(wire::bytes input) const;
    wire::buffer request() const;

    const proxy_server& by_;
    std::string host_;
    std::uint16_t port_;
    stage stage_;
};

}  // namespace deadair::net
