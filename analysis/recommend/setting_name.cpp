#include "analysis/recommend/setting_name.hpp"

#include "analysis/words/names.hpp"

namespace deadair::recommend {

namespace {

// Indexed by the enumerator's value.
constexpr std::array<std::string_view, 15> names{"tcp_keepalive_idle",
                                                 "tcp_keepalive_interval",
                                                 "tcp_keepalive_count",
                                                 "tcp_user_timeout",
                                                 "websocket_ping_interval",
                                                 "websocket_pong_timeout",
                                                 "idle_reconnect",
                                                 "write_timeout",
                                                 "health_check_interval",
                                                 "max_connection_age",
                                                 "retry_backoff_initial",
                                                 "retry_backoff_max",
                                                 "outlast_idle",
                                                 "ping_count",
                                                 "heartbeat"};

}  // namespace

std::string_view to_string(setting_name value)
{
    return name_of(value, names);
}

std::optional<setting_name> parse_setting_name(std::string_view text)
{
    return value_of<setting_name>(text, names);
}

}  // namespace deadair::recommend
