#include "analysis/recommend/role.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/recommend/stack_texts.hpp"

namespace deadair::recommend {
namespace {

TEST(stacks, a_server_closes_before_a_firewall_and_after_a_proxy)
{
    const auto plain = text_as("nginx", {.told = role::server, .ends_tcp = {}});
    EXPECT_TRUE(holds(plain, "keepalive_timeout 75s;")) << plain;
    EXPECT_FALSE(holds(plain, "upstream backend")) << plain;
    const auto behind = text_as("nginx", {.told = role::behind_proxy, .ends_tcp = {}});
    EXPECT_TRUE(holds(behind, "keepalive_timeout 923s;")) << behind;
    EXPECT_TRUE(holds(text_as("nginx", {.told = role::proxy, .ends_tcp = {}}),
                      "proxy_read_timeout 7440s;"));
    EXPECT_TRUE(holds(text_as("nginx", {.told = role::client, .ends_tcp = {}}),
                      "    keepalive_timeout 60s;"));
}

TEST(stacks, the_runs_finding_chooses_the_side_where_the_user_does_not)
{
    EXPECT_TRUE(says(text_as("nginx", {}), "a server that clients reach through a plain firewall"));
    const auto chosen = text_as("nginx", {.told = {}, .ends_tcp = true});
    EXPECT_TRUE(says(chosen, "a server behind a proxy")) << chosen;
    EXPECT_TRUE(says(chosen, "connections end in order")) << chosen;
    const auto haproxy = text_as("haproxy", {.told = {}, .ends_tcp = true});
    EXPECT_TRUE(says(haproxy, "the very proxy")) << haproxy;
    EXPECT_FALSE(holds(haproxy, "timeout client 8")) << haproxy;
    EXPECT_TRUE(holds(text_as("envoy", {.told = {}, .ends_tcp = true}), "a client"));
}

TEST(stacks, a_role_that_a_stack_cannot_have_is_refused_with_those_it_can)
{
    const auto why = refuse("kafka", settings_for_900_s(), {.told = role::proxy, .ends_tcp = {}});
    EXPECT_EQ(why,
              "Apache Kafka (Java client) cannot be the very proxy that ends the connections; "
              "--role takes client here");
    EXPECT_FALSE(refuse("kafka", settings_for_900_s(), {}));
}

TEST(stacks, a_silence_too_short_for_a_stack_is_refused_with_what_works)
{
    auto settings = settings_for_900_s();
    named(settings, setting_name::websocket_ping_interval).value = 0.9;
    const auto why = refuse("openssh-client", settings, {});
    ASSERT_TRUE(why);
    EXPECT_TRUE(holds(*why, "nothing that OpenSSH client takes")) << *why;
    EXPECT_TRUE(holds(*why, "TCP keepalive does (--for linux-sysctl")) << *why;
    EXPECT_FALSE(refuse("openssh-client", settings_for_900_s(), {}));
    // Too short for its own times, but it can turn on those of the kernel.
    named(settings, setting_name::health_check_interval).value = 0.9;
    named(settings, setting_name::idle_reconnect).value = 1.4;
    EXPECT_FALSE(refuse("java-hikaricp", settings, {}));
    EXPECT_FALSE(refuse("openssh-client", {}, {}));
}

TEST(stacks, every_text_says_whether_it_is_proven)
{
    for (const auto name : stack_names()) {
        const auto text = text_for(name, settings_for_900_s());
        EXPECT_TRUE(holds(text, "not proven") || holds(text, " proven with ")) << name;
    }
}

TEST(stacks, settings_without_a_value_are_left_out_and_the_reason_is_said_once)
{
    auto settings = settings_for_900_s();
    for (const auto name : {setting_name::tcp_keepalive_idle, setting_name::tcp_keepalive_interval,
                            setting_name::tcp_keepalive_count}) {
        named(settings, name).value.reset();
        named(settings, name).reason = "only data refreshes the binding";
    }
    const auto text = text_for("linux-socket", settings);
    EXPECT_FALSE(holds(text, "SO_KEEPALIVE")) << text;
    EXPECT_TRUE(holds(text, "TCP_USER_TIMEOUT")) << text;
    const auto first = text.find("left out: tcp_keepalive_idle, tcp_keepalive_interval");
    EXPECT_NE(first, std::string::npos) << text;
    EXPECT_EQ(text.find("left out", first + 1), std::string::npos) << text;
    EXPECT_TRUE(holds(text, "only data\n")) << text;
}

TEST(stacks, every_text_stands_when_nothing_is_recommended)
{
    for (const auto name : stack_names())
        EXPECT_TRUE(holds(text_for(name, {}), "left out")) << name;
}

TEST(stacks, what_is_of_low_confidence_is_marked)
{
    auto settings = settings_for_900_s();
    EXPECT_FALSE(holds(text_for("kafka", settings), "low confidence"));
    named(settings, setting_name::idle_reconnect).low_confidence = true;
    EXPECT_TRUE(holds(text_for("kafka", settings),
                      "low confidence, or not tried; measure first: idle_reconnect"));
    EXPECT_FALSE(holds(text_for("openssh-client", settings), "low confidence"));
}

TEST(stacks, what_was_wrong_of_single_stacks_is_mended)
{
    const auto settings = settings_for_900_s();
    const auto requests = text_for("python-requests", settings);
    EXPECT_TRUE(holds(requests, "bounds sending with its first")) << requests;
    EXPECT_TRUE(holds(requests, "def proxy_manager_for(")) << requests;
    EXPECT_TRUE(holds(text_for("webex-sdk", settings), "requests.sessions.HTTPAdapter = "));
    EXPECT_FALSE(holds(text_for("node-ws", settings), "setKeepAlive("));
    EXPECT_TRUE(holds(text_for("node-http", settings), "request.on('socket'"));
    EXPECT_TRUE(holds(text_for("go", settings), "http.DefaultTransport.(*http.Transport).Clone()"));
    EXPECT_TRUE(holds(text_for("grpc", settings), "Go alone raises a Time below"));
    EXPECT_TRUE(holds(text_for("linux-sysctl", settings), "from Kubernetes 1.29"));
    EXPECT_TRUE(
        holds(text_as("envoy", {.told = role::server, .ends_tcp = {}}), "    tcp_keepalive:"));
    EXPECT_TRUE(holds(text_for("python-aiohttp", settings), "socket_factory=socket_factory"));
    EXPECT_TRUE(holds(text_for("python-httpx", settings), "limits=LIMITS, socket_options="));
}

TEST(stacks, grpc_says_what_an_unchanged_server_allows)
{
    auto settings = settings_for_900_s();
    EXPECT_TRUE(holds(text_for("grpc", settings), "keepalive_time_ms\", 450700)\n"));
    named(settings, setting_name::websocket_ping_interval).value = 50;
    const auto text = text_for("grpc", settings);
    EXPECT_TRUE(holds(text, "(\"grpc.keepalive_time_ms\", 50000),\n")) << text;
    EXPECT_TRUE(says(text, "this takes no less than 300000")) << text;
}

TEST(stacks, mosquitto_is_given_no_keepalive_below_its_least)
{
    auto settings = settings_for_900_s();
    named(settings, setting_name::websocket_ping_interval).value = 3;
    const auto text = text_for("mqtt", settings);
    EXPECT_FALSE(holds(text, "# max_keepalive 3")) << text;
    EXPECT_TRUE(holds(text, "\nKEEPALIVE = 3\n")) << text;
}

}  // namespace
}  // namespace deadair::recommend
