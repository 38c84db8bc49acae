#include "echo-server/transport/proxy.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace deadair::net {
namespace {

wire::buffer bytes(std::initializer_list<int> values)
{
    wire::buffer out;
    for (const int each : values)
        out.push_back(static_cast<std::byte>(each));
    return out;
}

wire::buffer bytes(std::string_view text)
{
    const auto raw = std::as_bytes(std::span{text});
    return {raw.begin(), raw.end()};
}

std::string text(const wire::buffer& raw)
{
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

using verdict = proxy_dialogue::verdict;

TEST(a_proxy_url, names_language_host_port_and_who_asks)
{
    const auto plain = parse_proxy("http://proxy.example:3128");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->speaks, proxy_server::language::http);
    EXPECT_EQ(plain->host, "proxy.example");
    EXPECT_EQ(plain->port, 3128);
    const auto login = parse_proxy("socks5://me:p%40ss%2f@[2001:db8::1]:1080/");
    ASSERT_TRUE(login);
    EXPECT_EQ(login->user, "me");
    EXPECT_EQ(login->password, "p@ss/");
    EXPECT_EQ(login->host, "2001:db8::1");
    EXPECT_EQ(describe(*login), "socks5://[2001:db8::1]:1080");
}

TEST(a_proxy_url, is_refused_when_something_is_missing)
{
    for (const auto* url : {"", "proxy:3128", "https://proxy:1", "http://proxy", "http://:1",
                            "http://proxy:0", "http://proxy:x", "socks5://user@proxy:1",
                            "http://u:p@ss@proxy:1", "http://u:p/s@proxy:1", "http://proxy:1/path",
                            "http://proxy:1?q", "http://proxy:1#f", "http://u%3Ax:p@proxy:1"})
        EXPECT_FALSE(parse_proxy(url)) << url;
}

TEST(http_connect, asks_for_the_way_and_takes_what_comes_after_it_for_the_server)
{
    const auto by = *parse_proxy("http://u:p@proxy:3128");
    proxy_dialogue dialogue{by, "echo.example", 443};
    EXPECT_EQ(text(dialogue.begin()),
              "CONNECT echo.example:443 HTTP/1.1\r\nHost: echo.example:443\r\n"
              "Proxy-Authorization: Basic dTpw\r\n\r\n");
    EXPECT_EQ(dialogue.take(bytes("HTTP/1.1 200 Conn")).consumed, 0U);
    const std::string whole = "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n";
    const auto answer = dialogue.take(bytes(whole));
    EXPECT_EQ(answer.is, verdict::open);
    EXPECT_EQ(answer.consumed, whole.size());
}

TEST(http_connect, says_what_a_refusal_means)
{
    const auto by = *parse_proxy("http://proxy:3128");
    const auto why = [&](std::string_view said) {
        proxy_dialogue dialogue{by, "echo.example", 443};
        const auto answer = dialogue.take(bytes(said));
        EXPECT_EQ(answer.is, verdict::refused);
        return answer.why;
    };
    EXPECT_NE(why("HTTP/1.1 407 Login\r\n\r\n").find("USER:PASSWORD"), std::string::npos);
    EXPECT_NE(why("HTTP/1.0 403 Filtered\r\n\r\n").find("status 403"), std::string::npos);
    EXPECT_NE(why("SSH-2.0-OpenSSH\r\n\r\n").find("does not answer"), std::string::npos);
}

TEST(socks, opens_the_way_without_a_login)
{
    const auto by = *parse_proxy("socks5://proxy:1080");
    proxy_dialogue dialogue{by, "echo.example", 443};
    EXPECT_EQ(dialogue.begin(), bytes({5, 1, 0}));
    EXPECT_EQ(dialogue.take(bytes({5})).consumed, 0U);
    const auto method = dialogue.take(bytes({5, 0}));
    EXPECT_EQ(text(method.reply), std::string("\x05\x01\x00\x03\x0c", 5) + "echo.example\x01\xbb");
    const auto open = dialogue.take(bytes({5, 0, 0, 1, 192, 0, 2, 1, 4, 0}));
    EXPECT_EQ(open.is, verdict::open);
    EXPECT_EQ(open.consumed, 10U);
}

TEST(socks, logs_in_and_names_addresses_as_addresses)
{
    const auto by = *parse_proxy("socks5://u:pw@proxy:1080");
    proxy_dialogue dialogue{by, "198.51.100.2", 7443};
    EXPECT_EQ(dialogue.begin(), bytes({5, 2, 0, 2}));
    EXPECT_EQ(dialogue.take(bytes({5, 2})).reply, bytes({1, 1, 'u', 2, 'p', 'w'}));
    EXPECT_EQ(dialogue.take(bytes({1, 0})).reply, bytes({5, 1, 0, 1, 198, 51, 100, 2, 0x1d, 0x13}));
}

TEST(socks, says_what_a_refusal_means)
{
    const auto by = *parse_proxy("socks5://proxy:1080");
    proxy_dialogue wants{by, "echo.example", 443};
    EXPECT_NE(wants.take(bytes({5, 0xff})).why.find("USER:PASSWORD"), std::string::npos);
    proxy_dialogue other{by, "echo.example", 443};
    EXPECT_NE(other.take(bytes("HTTP/1.1 400\r\n\r\n")).why.find("does not answer"),
              std::string::npos);
    proxy_dialogue ruled{by, "echo.example", 443};
    ruled.take(bytes({5, 0}));
    EXPECT_NE(ruled.take(bytes({5, 2, 0, 1, 0})).why.find("rules"), std::string::npos);
}

}  // namespace
}  // namespace deadair::net
