// Settings from a run in which only the client was tried as the one who speaks first.
#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/recommend/recommend.hpp"

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

finding survived(direction way)
{
    finding one;
    one.where.way = way;
    one.kind = finding_kind::none;
    one.low = 30s;
    one.confidence = 0.999;
    one.delivered = 20;
    return one;
}

finding died(direction way)
{
    auto one = survived(way);
    one.kind = finding_kind::timeout;
    one.low = 100s;
    one.high = 101s;
    one.idle_timeout = 100500ms;
    one.not_delivered = 5;
    return one;
}

recommendation setting(const std::vector<finding>& found, setting_name name)
{
    const auto list = recommend(found, {});
    return *std::ranges::find(list, name, &recommendation::setting);
}

// The firewall may have forgotten all of them after 8 s, and have taken each back.
TEST(half_measured, what_only_the_client_survived_is_no_ground_to_keep_anything_alive)
{
    const std::vector found{survived(direction::to_server)};
    for (const auto each :
         {setting_name::tcp_keepalive_idle, setting_name::tcp_keepalive_interval,
          setting_name::websocket_ping_interval, setting_name::health_check_interval}) {
        const auto one = setting(found, each);
        EXPECT_FALSE(one.value) << to_string(each);
        EXPECT_NE(one.reason.find("what the server says first"), std::string::npos) << one.reason;
    }
    // It is the client who uses a connection again.
    EXPECT_TRUE(setting(found, setting_name::idle_reconnect).value);
    EXPECT_TRUE(setting(found, setting_name::idle_reconnect).low_confidence);
}

TEST(half_measured, what_both_survived_is)
{
    const std::vector found{survived(direction::to_client), survived(direction::to_server)};
    EXPECT_TRUE(setting(found, setting_name::tcp_keepalive_idle).value);
    EXPECT_FALSE(setting(found, setting_name::tcp_keepalive_idle).low_confidence);
}

TEST(half_measured, a_timeout_that_only_the_client_met_gives_settings_with_a_mark)
{
    const auto one = setting({died(direction::to_server)}, setting_name::idle_reconnect);
    EXPECT_TRUE(one.value);
    EXPECT_TRUE(one.low_confidence);
    EXPECT_FALSE(
        setting({died(direction::to_client)}, setting_name::idle_reconnect).low_confidence);
}

TEST(half_measured, a_keepalive_and_a_ping_are_marked_where_nobody_tried_whether_they_count)
{
    std::vector found{died(direction::to_client)};
    for (const auto& each : recommend(found, {})) {
        const bool untried = each.setting == setting_name::tcp_keepalive_idle ||
                             each.setting == setting_name::websocket_ping_interval;
        EXPECT_EQ(each.low_confidence, untried) << to_string(each.setting);
        EXPECT_EQ(each.reason.find("was not tried") != std::string::npos, untried) << each.reason;
    }
    found.push_back(survived(direction::to_client));
    found.back().low = 300s;
    found.back().where.how = {refresh::tcp_keepalive, refresh_side::client};
    EXPECT_FALSE(setting(found, setting_name::tcp_keepalive_idle).low_confidence);
    EXPECT_TRUE(setting(found, setting_name::websocket_ping_interval).low_confidence);
}

}  // namespace
}  // namespace deadair::recommend
