#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace deadair::recommend {

/// What a client, a server or a library sets; docs/tables.md says what each is.
enum class setting_name : std::uint8_t {
    tcp_keepalive_idle,
    tcp_keepalive_interval,
    tcp_keepalive_count,
    tcp_user_timeout,
    websocket_ping_interval,
    websocket_pong_timeout,
    idle_reconnect,
    write_timeout,
    health_check_interval,
    max_connection_age,
    retry_backoff_initial,
    retry_backoff_max,
    outlast_idle,  ///< for a server whose connections a proxy reuses
    ping_count,    ///< pings that may be unanswered
    heartbeat,     ///< of which each end sends one every half
};

/// As tables, JSON and the files of data/stacks have it: "tcp_keepalive_idle".
std::string_view to_string(setting_name value);
/// Reads what to_string writes; anything else is nullopt.
std::optional<setting_name> parse_setting_name(std::string_view text);

}  // namespace deadair::recommend
