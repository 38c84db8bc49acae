#include "prober/measure/measured.hpp"

#include <gtest/gtest.h>

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;
using recommend::recommendation;
using recommend::setting_name;

TEST(settings_of, takes_what_held_connections_can_be_given)
{
    const std::vector<recommendation> recommended{
        {setting_name::tcp_keepalive_idle, 9.7, "s", false, ""},
        {setting_name::tcp_keepalive_interval, 2, "s", false, ""},
        {setting_name::tcp_keepalive_count, 5, "count", false, ""},
        {setting_name::websocket_ping_interval, 6.5, "s", false, ""},
        {setting_name::idle_reconnect, 18, "s", false, ""},
        {setting_name::max_connection_age, 3600, "s", false, ""},
        {setting_name::write_timeout, 15, "s", false, ""}};
    const hold::settings wanted{.tcp_keepalive = 9s,  // the kernel takes whole seconds
                                .ws_ping = 6500ms,
                                .idle_reconnect = 18s,
                                .max_age = 1h,
                                .tcp_keepalive_interval = 2s,
                                .tcp_keepalive_count = 5};
    EXPECT_EQ(settings_of(recommended), wanted);
}

TEST(settings_of, leaves_out_what_is_to_be_left_alone)
{
    const std::vector<recommendation> recommended{
        {setting_name::tcp_keepalive_idle, std::nullopt, "s", false, "does not count"},
        {setting_name::idle_reconnect, 18, "s", false, ""}};
    EXPECT_EQ(settings_of(recommended), hold::settings{.idle_reconnect = 18s});
}

}  // namespace
}  // namespace deadair::prober
