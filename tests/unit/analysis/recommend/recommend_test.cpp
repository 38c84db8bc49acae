#include "analysis/recommend/recommend.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/recommend/formulas.hpp"

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

finding a_timeout(nanoseconds low, transport kind = transport::wss)
{
    finding found;
    found.where.on.kind = kind;
    found.kind = finding_kind::timeout;
    found.low = low;
    found.high = low + 1s;
    found.idle_timeout = low + 500ms;
    found.delivered = 20;
    found.not_delivered = 5;
    return found;
}

finding none(nanoseconds survived)
{
    finding found;
    found.kind = finding_kind::none;
    found.low = survived;
    found.delivered = 20;
    return found;
}

recommendation setting(const std::vector<recommendation>& list, setting_name name)
{
    return *std::ranges::find(list, name, &recommendation::setting);
}

TEST(recommend, gives_every_setting_once_and_in_order)
{
    std::vector<setting_name> names;
    const std::vector found{a_timeout(900s)};
    for (const auto& each : recommend(found, {}))
        names.push_back(each.setting);
    EXPECT_EQ(names,
              (std::vector<setting_name>{
                  setting_name::tcp_keepalive_idle, setting_name::tcp_keepalive_interval,
                  setting_name::tcp_keepalive_count, setting_name::tcp_user_timeout,
                  setting_name::websocket_ping_interval, setting_name::websocket_pong_timeout,
                  setting_name::idle_reconnect, setting_name::write_timeout,
                  setting_name::health_check_interval, setting_name::max_connection_age,
                  setting_name::retry_backoff_initial, setting_name::retry_backoff_max}));
}

TEST(recommend, builds_on_the_stratum_that_dies_first_and_says_so)
{
    const std::vector found{a_timeout(900s, transport::wss), a_timeout(100s, transport::tcp),
                            none(50s)};
    const auto list = recommend(found, {});
    EXPECT_LT(*setting(list, setting_name::tcp_keepalive_idle).value, 50);
    EXPECT_NE(setting(list, setting_name::idle_reconnect).reason.find("tcp to_client"),
              std::string::npos);
}

TEST(recommend, marks_what_holds_only_while_few_connections_are_open)
{
    std::vector found{a_timeout(100s)};
    found.front().confidence = 0.99;
    EXPECT_FALSE(setting(recommend(found, {}), setting_name::idle_reconnect).low_confidence);
    found.front().why = estimate::explanation::room;
    found.front().crowd = 40;
    for (const auto& each : recommend(found, {})) {
        EXPECT_TRUE(each.low_confidence);
        if (each.setting == setting_name::idle_reconnect) {
            EXPECT_NE(each.reason.find("no more than some 40 connections"), std::string::npos);
        }
    }
}

TEST(recommend, names_the_folk_value_that_would_be_too_late)
{
    const std::vector found{a_timeout(600s)};
    const auto reconnect = setting(recommend(found, {}), setting_name::idle_reconnect);
    EXPECT_LT(*reconnect.value, 594);
    EXPECT_NE(reconnect.reason.find("reconnect after 600 s is too late: at 1 % loss the last safe"),
              std::string::npos)
        << reconnect.reason;
}

TEST(recommend, stays_sane_for_every_timeout_however_short)
{
    for (const auto low : {1s, 2s, 6s, 12s, 20s, 45s, 3600s, 86'400s}) {
        const std::vector found{a_timeout(low)};
        for (const auto& each : recommend(found, {})) {
            if (each.value) {
                EXPECT_GT(*each.value, 0) << to_string(each.setting) << " for " << low.count();
            }
            EXPECT_NE(each.reason, "") << to_string(each.setting);
        }
    }
}

TEST(recommend, says_when_an_idle_connection_must_not_be_used_again)
{
    const std::vector found{a_timeout(3s)};
    const auto reconnect =
        setting(recommend(found, {.packet_loss = 0.05}), setting_name::idle_reconnect);
    EXPECT_FALSE(reconnect.value);
    EXPECT_NE(reconnect.reason.find("do not reuse"), std::string::npos);
}

TEST(recommend, does_not_recommend_a_keepalive_that_does_not_count)
{
    auto refreshed = a_timeout(100s);
    refreshed.where.how.by = refresh::tcp_keepalive;
    refreshed.where.how.from = refresh_side::client;
    const std::vector found{a_timeout(100s), refreshed};
    const auto list = recommend(found, {});
    EXPECT_FALSE(setting(list, setting_name::tcp_keepalive_idle).value);
    EXPECT_TRUE(setting(list, setting_name::websocket_ping_interval).value);
}

TEST(recommend, leaves_the_keepalive_to_the_side_it_counts_from)
{
    auto in_vain = a_timeout(100s);
    in_vain.where.how.by = refresh::tcp_keepalive;
    in_vain.where.how.from = refresh_side::client;
    auto counts = none(300s);
    counts.where = in_vain.where;
    counts.where.how.from = refresh_side::server;
    const std::vector found{a_timeout(100s), in_vain, counts};
    const auto idle = setting(recommend(found, {}), setting_name::tcp_keepalive_idle);
    EXPECT_TRUE(idle.value);
    EXPECT_NE(idle.reason.find("counts from the server only"), std::string::npos) << idle.reason;
}

TEST(recommend, limits_the_age_only_where_data_does_not_keep_a_connection)
{
    EXPECT_FALSE(
        setting(recommend(std::vector{a_timeout(100s)}, {}), setting_name::max_connection_age)
            .value);
    auto with_data = a_timeout(100s);
    with_data.where.how.by = refresh::data;
    with_data.where.how.from = refresh_side::both;
    const auto list = recommend(std::vector{a_timeout(100s), with_data}, {});
    EXPECT_EQ(setting(list, setting_name::max_connection_age).value, 98);
    EXPECT_FALSE(setting(list, setting_name::health_check_interval).value);
}

TEST(recommend, does_not_take_data_of_one_end_that_is_in_vain_for_an_age)
{
    auto with_data = a_timeout(100s);
    with_data.where.how.by = refresh::data;
    with_data.where.how.from = refresh_side::client;
    const auto list = recommend(std::vector{a_timeout(100s), with_data}, {});
    EXPECT_FALSE(setting(list, setting_name::max_connection_age).value);
}

TEST(recommend, names_data_where_nothing_less_counts)
{
    std::vector found{a_timeout(100s)};
    for (const auto by : {refresh::tcp_keepalive, refresh::ws_ping, refresh::data}) {
        found.push_back(a_timeout(100s));
        found.back().where.how.by = by;
        found.back().where.how.from = refresh_side::server;
    }
    found.push_back(none(300s));
    found.back().where = found[3].where;
    found.back().where.how.from = refresh_side::client;
    const auto list = recommend(found, {});
    EXPECT_FALSE(setting(list, setting_name::websocket_ping_interval).value);
    const auto health = setting(list, setting_name::health_check_interval);
    EXPECT_TRUE(health.value);
    EXPECT_NE(health.reason.find("only data keeps the binding alive"), std::string::npos);
    EXPECT_NE(health.reason.find("counts from the client only"), std::string::npos);
    EXPECT_FALSE(setting(list, setting_name::max_connection_age).value);
}

TEST(recommend, marks_what_another_stratum_may_still_contradict)
{
    const auto longer = [](nanoseconds survived) {
        auto other = none(survived);
        other.where.on.kind = transport::tls;
        other.confidence = 1;
        return other;
    };
    auto found = a_timeout(100s);
    found.confidence = 0.999;
    EXPECT_FALSE(
        setting(recommend(std::vector{found, longer(300s)}, {}), setting_name::idle_reconnect)
            .low_confidence);
    EXPECT_TRUE(
        setting(recommend(std::vector{found, longer(50s)}, {}), setting_name::idle_reconnect)
            .low_confidence);
}

TEST(recommend, takes_an_assumed_timeout_as_safe)
{
    const auto list = settings_for(assumed(600s), {.packet_loss = 0.01});
    const auto reconnect = setting(list, setting_name::idle_reconnect);
    EXPECT_EQ(reconnect.value, 594);
    EXPECT_EQ(reconnect.reason,
              "assumed, not measured: 10 min of silence are safe; a first message must leave early "
              "enough to be repeated (reconnect after 600 s is too late: at 1 % loss the last safe "
              "moment is 594 s)");
}

TEST(recommend, builds_on_what_was_survived_when_nothing_expired)
{
    const std::vector found{none(7200s)};
    const auto list = recommend(found, {});
    EXPECT_NE(setting(list, setting_name::idle_reconnect).reason.find("survived 2 h"),
              std::string::npos);
    EXPECT_EQ(setting(list, setting_name::idle_reconnect).reason.find("too late"),
              std::string::npos);
}

TEST(recommend, never_lets_written_data_hang_for_longer_than_the_kernel_would)
{
    for (const auto low : {60s, 900s, 1700s, 3600s, 7200s}) {
        const auto timeout =
            setting(recommend(std::vector{a_timeout(low)}, {}), setting_name::tcp_user_timeout);
        EXPECT_LE(timeout.value.value_or(0), 924.6) << low.count();
    }
    const auto at_an_hour =
        setting(recommend(std::vector{a_timeout(3700s)}, {}), setting_name::tcp_user_timeout);
    EXPECT_FALSE(at_an_hour.value);
    EXPECT_NE(at_an_hour.reason.find("replaces the kernel's own limit"), std::string::npos)
        << at_an_hour.reason;
}

TEST(recommend, sets_nothing_above_the_longest_that_works)
{
    for (const nanoseconds survived : {1010ms, 1200ms, 2200ms, 2400ms, 3000ms, 5000ms})
        for (const double loss : {0.01, 0.05}) {
            const auto on = assumed(safe_age(survived));
            const conditions given{.packet_loss = loss};
            const auto list = settings_for(on, given);
            const auto ping = setting(list, setting_name::websocket_ping_interval).value;
            const auto check = setting(list, setting_name::health_check_interval).value;
            const auto reuse = setting(list, setting_name::idle_reconnect).value;
            EXPECT_LE(ping.value_or(0), to_seconds(data_ping_max(on.safe, given)));
            EXPECT_LE(check.value_or(0), to_seconds(data_ping_max(on.safe, given)));
            EXPECT_LE(reuse.value_or(0), std::max(0.0, to_seconds(reuse_max(on.safe, given))));
            EXPECT_LE(setting(list, setting_name::tcp_keepalive_idle).value.value_or(0),
                      to_seconds(on.safe));
        }
}

TEST(recommend, trusts_no_keepalive_where_something_else_answers_it)
{
    auto closed = a_timeout(59s);
    closed.after_expiry = estimate::expiry::closed;
    const auto idle = setting(recommend(std::vector{closed}, {}), setting_name::tcp_keepalive_idle);
    EXPECT_FALSE(idle.value);
    EXPECT_NE(idle.reason.find("speaks TCP itself"), std::string::npos) << idle.reason;
    auto kept = none(300s);
    kept.where.how.by = refresh::tcp_keepalive;
    kept.where.how.from = refresh_side::client;
    EXPECT_TRUE(
        setting(recommend(std::vector{closed, kept}, {}), setting_name::tcp_keepalive_idle).value);
}

TEST(recommend, tells_what_a_server_behind_a_proxy_must_wait_for)
{
    auto closed = a_timeout(59s);
    closed.after_expiry = estimate::expiry::closed;
    const auto found = outlasting(std::vector{closed});
    EXPECT_EQ(found.setting, setting_name::outlast_idle);
    EXPECT_EQ(found.value, 67);
    EXPECT_FALSE(outlasting(std::vector{none(50s)}).value);
    EXPECT_TRUE(ends_tcp_on_the_path(std::vector{closed}));
    EXPECT_FALSE(ends_tcp_on_the_path(std::vector{a_timeout(59s)}));
}

TEST(recommend, recommends_nothing_when_nothing_was_measured)
{
    for (const auto& each : recommend({}, {}))
        EXPECT_FALSE(each.value) << to_string(each.setting);
}

}  // namespace
}  // namespace deadair::recommend
