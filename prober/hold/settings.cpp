#include "prober/hold/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace deadair::hold {

namespace {

using namespace std::chrono_literals;

// Linux counts TCP_KEEPIDLE in seconds, up to 32767 (tcp(7)).
constexpr nanoseconds keepalive_max = 32767s;
constexpr int keepalive_count_max = 127;
constexpr nanoseconds keepalive_interval_default = 75s;

std::optional<std::string> refuse_value(const char* option, nanoseconds value,
                                        std::optional<nanoseconds> assumed)
{
    if (value <= 0s)
        return fmt::format("--{} must be longer than nothing; write for example 25s", option);
    if (assumed && value >= *assumed)
        return fmt::format(
            "--{} {} is not below --assume-timeout {}, so it cannot keep anything alive; choose at "
            "most half of it",
            option, format_duration(value), format_duration(*assumed));
    return std::nullopt;
}

std::optional<std::string> refuse_keepalive(const settings& with)
{
    const std::array times{std::pair{"tcp-keepalive", with.tcp_keepalive},
                           std::pair{"tcp-keepalive-interval", with.tcp_keepalive_interval}};
    for (const auto& [option, value] : times)
        if (value && (*value % 1s != 0s || *value < 1s || *value > keepalive_max))
            return fmt::format(
                "--{} {} is nothing that Linux can do: it counts whole seconds, from 1 to 32767",
                option, format_duration(*value));
    if (with.tcp_keepalive_count &&
        (*with.tcp_keepalive_count < 1 || *with.tcp_keepalive_count > keepalive_count_max))
        return fmt::format("--tcp-keepalive-count {} is out of range; use 1 to {}",
                           *with.tcp_keepalive_count, keepalive_count_max);
    if (!with.tcp_keepalive && (with.tcp_keepalive_interval || with.tcp_keepalive_count))
        return "--tcp-keepalive-interval and --tcp-keepalive-count say how to go on asking; add "
               "--tcp-keepalive, after how much silence to begin";
    return std::nullopt;
}

// Linux asks again no sooner than the interval, even when the first question was answered.
std::string described_keepalive(const settings& these)
{
    const auto idle = *these.tcp_keepalive;
    const auto again = these.tcp_keepalive_interval.value_or(keepalive_interval_default);
    auto text = fmt::format("TCP keepalive after {}", format_duration(idle));
    if (again > idle)
        text += fmt::format(" and then every {} (TCP_KEEPINTVL{})", format_duration(again),
                            these.tcp_keepalive_interval
                                ? ""
                                : ", the kernel's default; --tcp-keepalive-interval sets it");
    return text;
}

}  // namespace

std::string describe(const settings& these)
{
    std::vector<std::string> parts;
    if (these.tcp_keepalive)
        parts.push_back(described_keepalive(these));
    if (these.ws_ping)
        parts.push_back(fmt::format("WebSocket ping every {}", format_duration(*these.ws_ping)));
    if (these.idle_reconnect)
        parts.push_back(
            fmt::format("replaced when idle for {}", format_duration(*these.idle_reconnect)));
    if (these.max_age)
        parts.push_back(fmt::format("replaced at an age of {}", format_duration(*these.max_age)));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::optional<std::string> refuse(const demand& asked)
{
    const auto& with = asked.with;
    const std::array values{std::pair{"tcp-keepalive", with.tcp_keepalive},
                            std::pair{"ws-ping", with.ws_ping},
                            std::pair{"idle-reconnect", with.idle_reconnect}};
    for (const auto& [option, value] : values)
        if (value)
            if (auto why = refuse_value(option, *value, asked.assumed))
                return why;
    if (with.max_age && *with.max_age < 1s)
        return fmt::format("--max-connection-age {} is below 1s; write for example 1h",
                           format_duration(*with.max_age));
    if (auto why = refuse_keepalive(with))
        return why;
    const bool server_speaks =
        std::ranges::find(asked.directions, direction::to_client) != asked.directions.end();
    for (const auto kind : asked.transports) {
        if (with.refreshes(kind))
            continue;
        if (!with.ws_ping && !with.idle_reconnect)
            return "no setting is given to hold connections with; give --tcp-keepalive, --ws-ping "
                   "or "
                   "--idle-reconnect, or measure first";
        if (with.ws_ping && !with.idle_reconnect)
            return fmt::format(
                "--ws-ping does nothing on {}; add --tcp-keepalive, or say --transport wss",
                to_string(kind));
        if (server_speaks)
            return fmt::format(
                "--idle-reconnect protects only what the client sends, and nothing else keeps {} "
                "alive; add --tcp-keepalive, or say --direction to_server",
                to_string(kind));
    }
    return std::nullopt;
}

}  // namespace deadair::hold
