#include "prober/hold/settings.hpp"

#include <gtest/gtest.h>

#include <array>

namespace deadair::hold {
namespace {

using namespace std::chrono_literals;

constexpr std::array both{direction::to_client, direction::to_server};
constexpr std::array to_server{direction::to_server};
constexpr std::array tls{transport::tls};
constexpr std::array tls_and_wss{transport::tls, transport::wss};
constexpr std::array wss{transport::wss};

std::string why(const settings& with, std::span<const transport> over,
                std::span<const direction> ways = both,
                std::optional<nanoseconds> assumed = std::nullopt)
{
    return refuse({with, over, ways, assumed}).value_or("");
}

TEST(settings, accept_what_can_work)
{
    EXPECT_EQ(why({.tcp_keepalive = 60s}, tls_and_wss), "");
    EXPECT_EQ(why({.ws_ping = 25s}, wss), "");
    EXPECT_EQ(why({.idle_reconnect = 10min}, tls, to_server), "");
    EXPECT_EQ(why({.tcp_keepalive = 60s}, tls, both, 100s), "");
}

TEST(settings, refuse_nothing_at_all)
{
    EXPECT_NE(why({}, tls).find("measure first"), std::string::npos);
}

TEST(settings, refuse_a_ping_where_there_are_none)
{
    EXPECT_NE(why({.ws_ping = 25s}, tls_and_wss).find("--transport wss"), std::string::npos);
}

TEST(settings, refuse_what_the_assumed_timeout_forestalls)
{
    EXPECT_NE(why({.ws_ping = 25s}, wss, both, 20s).find("--assume-timeout"), std::string::npos);
}

TEST(settings, refuse_to_protect_what_the_server_says_by_reconnecting)
{
    EXPECT_NE(why({.idle_reconnect = 10min}, tls).find("--direction to_server"), std::string::npos);
}

TEST(settings, refuse_parts_of_a_second_of_tcp_keepalive)
{
    EXPECT_NE(why({.tcp_keepalive = 1500ms}, tls).find("whole seconds"), std::string::npos);
}

TEST(settings, refuse_how_to_go_on_asking_where_nothing_begins)
{
    EXPECT_NE(
        why({.idle_reconnect = 5s, .tcp_keepalive_interval = 2s}, tls).find("add --tcp-keepal"),
        std::string::npos);
    EXPECT_NE(
        why({.tcp_keepalive = 4s, .tcp_keepalive_interval = 500ms}, tls).find("whole seconds"),
        std::string::npos);
    EXPECT_NE(why({.tcp_keepalive = 4s, .tcp_keepalive_count = 128}, tls).find("1 to 127"),
              std::string::npos);
    EXPECT_EQ(
        why({.tcp_keepalive = 4s, .tcp_keepalive_interval = 2s, .tcp_keepalive_count = 5}, tls),
        "");
}

TEST(settings, describe_themselves)
{
    EXPECT_EQ(
        describe({.tcp_keepalive = 60s, .ws_ping = 25s, .idle_reconnect = 10min}),
        "TCP keepalive after 60 s and then every 75 s (TCP_KEEPINTVL, the kernel's default; "
        "--tcp-keepalive-interval sets it), WebSocket ping every 25 s, replaced when idle for "
        "10 min");
    EXPECT_EQ(describe({.tcp_keepalive = 4s, .tcp_keepalive_interval = 6s}),
              "TCP keepalive after 4 s and then every 6 s (TCP_KEEPINTVL)");
    EXPECT_EQ(describe({.tcp_keepalive = 80s}), "TCP keepalive after 80 s");
    EXPECT_EQ(describe({.tcp_keepalive = 20s, .tcp_keepalive_interval = 10s}),
              "TCP keepalive after 20 s");
}

}  // namespace
}  // namespace deadair::hold
