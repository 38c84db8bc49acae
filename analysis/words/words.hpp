#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The words of deadair: each idea has one name, in code, tables, output and documents.
/// This library depends on nothing, and every part of the program may use it.
namespace deadair {

/// What a connection looks like to the middlebox.
enum class transport : std::uint8_t { tcp, tls, ws, wss };

/// Which end speaks first after the silence.
enum class direction : std::uint8_t {
    to_client,  ///< the server speaks: the "missed first message"
    to_server,  ///< the client speaks
};

/// What became of a probe.
enum class outcome : std::uint8_t {
    delivered,  ///< arrived, and both ends know it
    late,       ///< arrived, but only after the verdict was due
    lost,       ///< silence
    reset,      ///< a TCP reset
    closed,     ///< an orderly FIN, close_notify or WebSocket close
    voided,     ///< we cannot vouch for it; stored as `void`
};

/// Traffic meant to keep a binding alive while the connection is otherwise silent.
enum class refresh : std::uint8_t { none, tcp_keepalive, ws_ping, data };

/// Which end sends the refresh. `none` exactly when the refresh is `none`.
enum class refresh_side : std::uint8_t { none, client, server, both };

/// A way to keep a binding alive.
struct means {
    refresh by{refresh::none};
    refresh_side from{refresh_side::none};

    friend auto operator<=>(const means&, const means&) = default;
};

/// A kernel asks no sooner after silence, and no more often.
/// Source: tcp(7), TCP_KEEPIDLE and TCP_KEEPINTVL are whole seconds.
inline constexpr std::chrono::seconds keepalive_interval_min{1};
/// By an idle timeout below this keepalive cannot be tried: one that was lost leaves no time for
/// another.
inline constexpr auto keepalive_timeout_min = 2 * keepalive_interval_min;

enum class address_family : std::uint8_t { ipv4, ipv6 };

std::string_view to_string(transport value);
std::string_view to_string(direction value);
std::string_view to_string(outcome value);
std::string_view to_string(refresh value);
std::string_view to_string(refresh_side value);
std::string_view to_string(address_family value);

/// Each reads what the matching `to_string` writes; anything else is `nullopt`.
std::optional<transport> parse_transport(std::string_view text);
std::optional<direction> parse_direction(std::string_view text);
std::optional<outcome> parse_outcome(std::string_view text);
std::optional<refresh> parse_refresh(std::string_view text);
std::optional<refresh_side> parse_refresh_side(std::string_view text);
std::optional<address_family> parse_address_family(std::string_view text);

/// True where the bytes on the wire are TLS records.
constexpr bool is_secured(transport value)
{
    return value == transport::tls || value == transport::wss;
}

/// True where messages travel in WebSocket frames (RFC 6455).
constexpr bool is_websocket(transport value)
{
    return value == transport::ws || value == transport::wss;
}

/// What is fixed when a connection opens. A middlebox may have a policy for each.
struct path {
    address_family family{address_family::ipv4};
    std::uint16_t server_port{};
    transport kind{transport::tls};

    friend auto operator<=>(const path&, const path&) = default;
};

/// What may have an idle timeout of its own.
struct stratum {
    path on;
    direction way{direction::to_client};
    means how{};

    friend auto operator<=>(const stratum&, const stratum&) = default;
};

/// "wss to_client port 7443 ipv4", with the refresh where there is one.
std::string describe(const stratum& where);

}  // namespace deadair
