#include "prober/command/hold_options.hpp"

#include <limits>

#include "prober/command/option_values.hpp"

namespace deadair::prober {

using po::value;

namespace {

std::optional<nanoseconds> optional_duration(const po::variables_map& given, const char* option)
{
    return given.count(option) != 0 ? std::optional{duration(given, option)} : std::nullopt;
}

}  // namespace

void add_hold_options(po::options_description& add)
{
    auto to = add.add_options();
    to("tcp-keepalive", value<std::string>()->value_name("TIME"),
       "the kernel asks after so much silence (default: as recommended in the database)");
    to("tcp-keepalive-interval", value<std::string>()->value_name("TIME"),
       "then so often, until it is answered (default: the same; else the kernel's 75 s)");
    to("tcp-keepalive-count", value<int>()->value_name("N"),
       "so many unanswered ones end the connection (default: the same; else the kernel's 9)");
    to("ws-ping", value<std::string>()->value_name("TIME"),
       "a WebSocket ping so often (default: the same)");
    to("idle-reconnect", value<std::string>()->value_name("TIME"),
       "a connection idle for longer is replaced before the client speaks (default: the same)");
    to("max-connection-age", value<std::string>()->value_name("TIME"),
       "an older connection is replaced (default: the same)");
    to("assume-timeout", value<std::string>()->value_name("TIME"),
       "the idle timeout to outlive (default: the one found in the database)");
    to("seed", value<std::string>()->value_name("N")->default_value("1"),
       "of the random silences; the same seed draws the same");
}

hold_options read_hold_options(const po::variables_map& given)
{
    hold_options wanted;
    wanted.with.tcp_keepalive = optional_duration(given, "tcp-keepalive");
    wanted.with.tcp_keepalive_interval = optional_duration(given, "tcp-keepalive-interval");
    if (given.count("tcp-keepalive-count") != 0)
        wanted.with.tcp_keepalive_count = given["tcp-keepalive-count"].as<int>();
    wanted.with.ws_ping = optional_duration(given, "ws-ping");
    wanted.with.idle_reconnect = optional_duration(given, "idle-reconnect");
    wanted.with.max_age = optional_duration(given, "max-connection-age");
    wanted.idle_timeout = optional_duration(given, "assume-timeout");
    if (wanted.idle_timeout && *wanted.idle_timeout < std::chrono::seconds{1})
        throw usage_error(
            "--assume-timeout is below 1s, which no firewall has; write for example 15m");
    wanted.seed = whole_number(given, "seed", 0, std::numeric_limits<std::uint32_t>::max());
    return wanted;
}

}  // namespace deadair::prober
