#include "analysis/recommend/stacks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "analysis/recommend/embedded.hpp"
#include "analysis/recommend/stack_template.hpp"

namespace deadair::recommend {
namespace {

/// For an idle timeout of 900 s, roughly as recommend() gives them.
std::vector<recommendation> settings_for_900_s()
{
    const auto one = [](const char* setting, double value, const char* unit) {
        return recommendation{setting, value, unit, false, "a reason"};
    };
    return {one("tcp_keepalive_idle", 450, "s"),        one("tcp_keepalive_interval", 5, "s"),
            one("tcp_keepalive_count", 6, "count"),     one("tcp_user_timeout", 479.5, "s"),
            one("websocket_ping_interval", 450.7, "s"), one("websocket_pong_timeout", 30.2, "s"),
            one("idle_reconnect", 883.9, "s"),          one("write_timeout", 15.25, "s"),
            one("health_check_interval", 450, "s"),     one("max_connection_age", 3600, "s"),
            one("retry_backoff_initial", 1, "s"),       one("retry_backoff_max", 60, "s")};
}

recommendation& named(std::vector<recommendation>& settings, std::string_view name)
{
    return *std::ranges::find(settings, name, &recommendation::setting);
}

std::string text_for(std::string_view stack, const std::vector<recommendation>& settings)
{
    const auto text = settings_text(stack, settings);
    EXPECT_TRUE(text) << stack;
    return text.value_or("");
}

bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

TEST(stacks, every_stack_that_the_user_was_promised_is_there)
{
    const auto names = stack_names();
    for (const auto* promised : {"linux-sysctl",
                                 "linux-socket",
                                 "python-socket",
                                 "python-requests",
                                 "python-websockets",
                                 "python-websocket-client",
                                 "python-aiohttp",
                                 "python-httpx",
                                 "webex-sdk",
                                 "node-http",
                                 "node-ws",
                                 "go",
                                 "java-netty",
                                 "java-okhttp",
                                 "java-hikaricp",
                                 "dotnet",
                                 "grpc",
                                 "libpq",
                                 "mysql",
                                 "redis",
                                 "kafka",
                                 "rabbitmq",
                                 "mqtt",
                                 "openssh-client",
                                 "openssh-server",
                                 "nginx",
                                 "haproxy",
                                 "envoy",
                                 "systemd",
                                 "autossh",
                                 "wireguard"})
        EXPECT_NE(std::ranges::find(names, promised), names.end()) << promised;
    EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST(stacks, every_template_reads_and_leaves_no_placeholder_unfilled)
{
    const std::regex placeholder(R"(\{[a-z_]+_(s|ms|min|count)(:[0-9-]+)?\})");
    for (const auto& [name, title] : stacks()) {
        EXPECT_FALSE(title.empty()) << name;
        const auto text = text_for(name, settings_for_900_s());
        EXPECT_FALSE(std::regex_search(text, placeholder)) << name << '\n' << text;
        EXPECT_FALSE(holds(text, "@if") || holds(text, "@end")) << name;
        EXPECT_FALSE(holds(text, "left out")) << name << '\n' << text;
    }
}

TEST(stacks, every_template_uses_at_least_one_setting_and_closes_its_blocks)
{
    for (const auto& file : embedded_stacks()) {
        const auto parsed = parse_stack_template(file.text);
        bool uses_setting = false;
        int open_blocks = 0;
        for (const auto& line : parsed.lines) {
            uses_setting |= !line.settings().empty();
            open_blocks += (line.needs.empty() ? 0 : 1) - (line.ends_block ? 1 : 0);
            EXPECT_TRUE(open_blocks == 0 || open_blocks == 1) << file.name << ": " << line.text;
        }
        EXPECT_TRUE(uses_setting) << file.name;
        EXPECT_EQ(open_blocks, 0) << file.name;
    }
}

TEST(stacks, an_unknown_stack_has_no_text)
{
    EXPECT_EQ(settings_text("cobol", settings_for_900_s()), std::nullopt);
}

TEST(stacks, each_stack_gets_its_own_unit)
{
    const auto settings = settings_for_900_s();
    EXPECT_TRUE(holds(text_for("linux-sysctl", settings), "net.ipv4.tcp_keepalive_time = 450\n"));
    EXPECT_TRUE(holds(text_for("libpq", settings), "tcp_user_timeout=479500\n"));
    EXPECT_TRUE(holds(text_for("kafka", settings), "connections.max.idle.ms=883900\n"));
    EXPECT_TRUE(holds(text_for("node-http", settings), "keepAliveMsecs: 450000,"));
    EXPECT_TRUE(holds(text_for("nginx", settings), "so_keepalive=450s:5s:6;"));
}

TEST(stacks, intervals_are_rounded_down_and_deadlines_up)
{
    const auto text = text_for("python-websockets", settings_for_900_s());
    EXPECT_TRUE(holds(text, "ping_interval=450,")) << text;
    EXPECT_TRUE(holds(text, "ping_timeout=31,")) << text;
}

TEST(stacks, a_value_above_what_the_stack_takes_is_lowered_to_it)
{
    auto settings = settings_for_900_s();
    named(settings, "tcp_keepalive_idle").value = 40'000;
    EXPECT_TRUE(holds(text_for("linux-socket", settings), "idle_s = 32767;"));
    EXPECT_TRUE(holds(text_for("wireguard", settings), "PersistentKeepalive = 25\n"));
}

TEST(stacks, an_interval_shorter_than_the_stack_takes_carries_a_warning)
{
    auto settings = settings_for_900_s();
    named(settings, "websocket_ping_interval").value = 4;
    const auto text = text_for("grpc", settings);
    EXPECT_TRUE(holds(text, "(\"grpc.keepalive_time_ms\", 10000)")) << text;
    EXPECT_TRUE(holds(text, "# websocket_ping_interval should be shorter")) << text;
    EXPECT_FALSE(holds(text_for("grpc", settings_for_900_s()), "should be shorter"));
}

TEST(stacks, nothing_is_rounded_to_zero_which_often_means_off)
{
    auto settings = settings_for_900_s();
    named(settings, "websocket_ping_interval").value = 0.4;
    EXPECT_TRUE(holds(text_for("openssh-client", settings), "ServerAliveInterval 1\n"));
}

TEST(stacks, settings_without_a_value_are_left_out_and_the_reason_is_said_once)
{
    auto settings = settings_for_900_s();
    for (const auto* name :
         {"tcp_keepalive_idle", "tcp_keepalive_interval", "tcp_keepalive_count"}) {
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
    named(settings, "idle_reconnect").low_confidence = true;
    EXPECT_TRUE(
        holds(text_for("kafka", settings), "low confidence, measure longer: idle_reconnect"));
    EXPECT_FALSE(holds(text_for("openssh-client", settings), "low confidence"));
}

TEST(stacks, what_requests_cannot_do_is_said_with_the_way_round)
{
    const auto text = text_for("python-requests", settings_for_900_s());
    EXPECT_TRUE(holds(text, "no write timeout")) << text;
    EXPECT_TRUE(holds(text, "TCP_USER_TIMEOUT")) << text;
}

TEST(stack_template, braces_of_the_language_stay_as_they_are)
{
    const auto parsed = parse_stack_template(
        "title: t\ncomment: //\nsource: s\n---\nnew Agent({idle: {idle_reconnect_ms}})\n");
    const auto& parts = parsed.lines.at(0).parts;
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].literal, "new Agent({idle: ");
    EXPECT_EQ(parts[1].setting, "idle_reconnect");
    EXPECT_EQ(parts[2].literal, "})");
}

TEST(stack_template, a_file_without_its_heading_is_refused)
{
    EXPECT_THROW(parse_stack_template("title: t\n---\nx\n"), std::logic_error);
    EXPECT_THROW(parse_stack_template("title: t\ncomment: #\nsource: s\n---\n@if tcp_idle\n"),
                 std::logic_error);
}

}  // namespace
}  // namespace deadair::recommend
