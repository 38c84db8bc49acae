#include "analysis/recommend/stacks.hpp"

#include <gtest/gtest.h>

#include <array>

#include "analysis/recommend/embedded.hpp"
#include "analysis/recommend/stack_template.hpp"
#include "tests/unit/analysis/recommend/stack_texts.hpp"

namespace deadair::recommend {
namespace {

constexpr auto promised_stacks = std::to_array<std::string_view>({"linux-sysctl",
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
                                                                  "wireguard",
                                                                  "postgresql",
                                                                  "python-asyncpg",
                                                                  "python-sqlalchemy",
                                                                  "python-boto3",
                                                                  "aws-sdk-js",
                                                                  "node-redis",
                                                                  "python-psycopg",
                                                                  "librdkafka",
                                                                  "ioredis",
                                                                  "node-postgres",
                                                                  "node-undici",
                                                                  "node-server",
                                                                  "gunicorn",
                                                                  "uvicorn",
                                                                  "apache",
                                                                  "python-redis",
                                                                  "sqlclient",
                                                                  "kubernetes-go",
                                                                  "kubernetes-python",
                                                                  "istio",
                                                                  "curl",
                                                                  "libcurl"});

TEST(stacks, every_stack_that_the_user_was_promised_is_there)
{
    const auto names = stack_names();
    for (const auto promised : promised_stacks)
        EXPECT_NE(std::ranges::find(names, promised), names.end()) << promised;
    EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST(stacks, every_template_reads_and_leaves_no_placeholder_unfilled_in_any_role)
{
    const std::regex placeholder(R"(\{[a-z_]+_(s|ms|min|seconds|count)([:<][^}]*)?\})");
    for (const auto& file : embedded_stacks())
        for (const auto as : parse_stack_template(file.text).roles) {
            const auto text =
                settings_text(file.name, settings_for_900_s(), {.told = as, .ends_tcp = {}})
                    .value_or("");
            EXPECT_FALSE(std::regex_search(text, placeholder)) << file.name << '\n' << text;
            EXPECT_FALSE(holds(text, "@if") || holds(text, "@end") || holds(text, "@role"));
            EXPECT_FALSE(holds(text, "not worked out")) << file.name << '\n' << text;
        }
}

TEST(stacks, every_template_uses_at_least_one_setting_and_closes_its_blocks)
{
    for (const auto& file : embedded_stacks()) {
        const auto parsed = parse_stack_template(file.text);
        bool uses_setting = !parsed.after.empty();
        int open_blocks = 0;
        for (const auto& line : parsed.lines) {
            uses_setting |= !line.settings().empty();
            open_blocks += (line.begins_block() ? 1 : 0) - (line.ends_block ? 1 : 0);
            EXPECT_GE(open_blocks, 0) << file.name << ": " << line.text;
            for (const auto as : line.roles)
                EXPECT_NE(std::ranges::find(parsed.roles, as), parsed.roles.end()) << file.name;
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
    EXPECT_TRUE(holds(text_for("python-psycopg", settings), "keepalives_idle=450,\n"));
    EXPECT_TRUE(holds(text_for("node-http", settings), "setKeepAlive(true, 450000, 5000, 6)"));
    EXPECT_TRUE(holds(text_for("nginx", settings), "so_keepalive=450s:5s:6;"));
}

TEST(stacks, intervals_are_rounded_down_and_deadlines_up)
{
    const auto text = text_for("openssh-client", settings_for_900_s());
    EXPECT_TRUE(holds(text, "ServerAliveInterval 450\n")) << text;
    EXPECT_TRUE(holds(text_for("python-websockets", settings_for_900_s()), "ping_timeout=31,"));
}

TEST(stacks, a_value_above_what_the_stack_takes_is_lowered_to_it)
{
    auto settings = settings_for_900_s();
    named(settings, setting_name::tcp_keepalive_idle).value = 40'000;
    EXPECT_TRUE(holds(text_for("linux-socket", settings), "idle_s = 32767;"));
    EXPECT_TRUE(holds(text_for("wireguard", settings), "PersistentKeepalive = 25\n"));
}

TEST(stacks, what_is_below_the_least_that_a_stack_takes_is_left_out_and_said)
{
    auto settings = settings_for_900_s();
    named(settings, setting_name::idle_reconnect).value = 4;
    const auto text = text_for("java-hikaricp", settings);
    EXPECT_FALSE(holds(text, "\nidleTimeout=")) << text;
    EXPECT_TRUE(
        says(text, "4000 ms at most would keep a connection, and this takes no less than 10000"))
        << text;
}

TEST(stacks, a_heartbeat_that_an_outage_would_end_is_left_out)
{
    auto settings = settings_for_900_s();
    EXPECT_TRUE(holds(text_for("rabbitmq", settings), "\nheartbeat = 60\n"));
    named(settings, setting_name::websocket_ping_interval).value = 11;
    named(settings, setting_name::websocket_pong_timeout).value = 12;
    EXPECT_TRUE(holds(text_for("rabbitmq", settings), "\nheartbeat = 22\n"));
    EXPECT_TRUE(holds(text_for("openssh-client", settings), "ServerAliveCountMax 3\n"));
    named(settings, setting_name::websocket_ping_interval).value = 1.9;
    EXPECT_FALSE(holds(text_for("rabbitmq", settings), "\nheartbeat = "));
    EXPECT_TRUE(says(text_for("rabbitmq", settings), "an outage of 10 s would end one"));
    EXPECT_TRUE(holds(text_for("openssh-client", settings), "ServerAliveCountMax 12\n"));
    EXPECT_TRUE(holds(text_for("python-websockets", settings), "ping_interval=1.9,"));
}

TEST(stacks, nothing_is_rounded_to_zero_which_often_means_off_nor_up)
{
    auto settings = settings_for_900_s();
    named(settings, setting_name::websocket_ping_interval).value = 0.4;
    const auto text = text_for("openssh-client", settings);
    EXPECT_FALSE(holds(text, "\n    ServerAliveInterval")) << text;
    EXPECT_TRUE(holds(text, "left out: websocket_ping_interval: 0.4 s")) << text;
}

TEST(stacks, a_rounding_that_halves_a_value_is_said)
{
    auto settings = settings_for_900_s();
    named(settings, setting_name::websocket_ping_interval).value = 1.9;
    EXPECT_TRUE(holds(text_for("openssh-client", settings), "1.9 s in whole units is 1\n"));
    EXPECT_TRUE(holds(text_for("java-okhttp", settings), "pingInterval(1900, "));
}

TEST(stacks, nothing_is_looser_than_the_softwares_own_default)
{
    const auto settings = settings_for_900_s();
    const auto kafka = text_for("kafka", settings);
    EXPECT_TRUE(holds(kafka, "\nconnections.max.idle.ms=540000\n")) << kafka;
    EXPECT_TRUE(holds(kafka,
                      "540000 ms: the client's own default, below the broker's 10 min, and "
                      "shorter than the"))
        << kafka;
    EXPECT_TRUE(holds(text_for("python-httpx", settings), "keepalive_expiry=5,"));
    EXPECT_TRUE(holds(text_for("python-aiohttp", settings), "keepalive_timeout=15,"));
    EXPECT_TRUE(
        holds(text_for("dotnet", settings), "IdleTimeout = TimeSpan.FromMilliseconds(60000)"));
    EXPECT_TRUE(holds(text_for("java-okhttp", settings), "ConnectionPool(5, 300000,"));
    EXPECT_TRUE(holds(text_for("java-hikaricp", settings), "\nkeepaliveTime=120000\n"));
    EXPECT_TRUE(holds(text_for("go", settings), "Idle:     15 * time.Second"));
    EXPECT_TRUE(holds(text_for("redis", settings), "\ntcp-keepalive 300\n"));
}

TEST(stacks, a_value_below_the_default_is_taken_as_it_is)
{
    auto settings = settings_for_900_s();
    named(settings, setting_name::idle_reconnect).value = 3;
    EXPECT_TRUE(holds(text_for("kafka", settings), "\nconnections.max.idle.ms=3000\n"));
    EXPECT_FALSE(holds(text_for("kafka", settings), "shorter than"));
}

TEST(stack_template, braces_of_the_language_stay_as_they_are)
{
    const auto parsed = parse_stack_template(
        "title: t\ncomment: //\nsource: s\ndocumented: d\nroles: client\n---\nnew Agent({idle: "
        "{idle_reconnect_ms<5 a reason}})\n");
    const auto& parts = parsed.lines.at(0).parts;
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].literal, "new Agent({idle: ");
    EXPECT_EQ(parts[1].setting, setting_name::idle_reconnect);
    EXPECT_EQ(parts[1].cap, 5);
    EXPECT_EQ(parts[1].cap_reason, "a reason");
    EXPECT_EQ(parts[2].literal, "})");
}

TEST(stack_template, a_file_without_its_heading_is_refused)
{
    EXPECT_THROW(parse_stack_template("title: t\n---\nx\n"), std::logic_error);
    const std::string heading = "title: t\ncomment: #\nsource: s\ndocumented: d\nroles: client\n";
    EXPECT_NO_THROW(parse_stack_template(heading + "---\n@if idle_reconnect\n@end\n"));
    EXPECT_THROW(parse_stack_template(heading + "---\n@if tcp_idle\n"), std::logic_error);
    EXPECT_THROW(parse_stack_template(heading + "---\n@role king\n"), std::logic_error);
    EXPECT_THROW(parse_stack_template(heading + "colour: red\n---\nx\n"), std::logic_error);
}

}  // namespace
}  // namespace deadair::recommend
