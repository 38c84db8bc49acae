#include "analysis/words/url.hpp"

#include <gtest/gtest.h>

namespace deadair {
namespace {

TEST(url, names_scheme_host_port_who_asks_and_what_for)
{
    const auto plain = parse_url("https://a.example");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->scheme, "https");
    EXPECT_EQ(plain->host, "a.example");
    EXPECT_FALSE(plain->port);
    EXPECT_EQ(plain->target, "/");
    const auto whole = parse_url("HTTP://me:p%40s%2Fs:x@[2001:db8::7]:8443/chart?day=1");
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->scheme, "http");
    EXPECT_EQ(whole->user, "me");
    EXPECT_EQ(whole->password, "p@s/s:x");
    EXPECT_EQ(whole->host, "2001:db8::7");
    EXPECT_EQ(whole->port, 8443);
    EXPECT_EQ(whole->target, "/chart?day=1");
    EXPECT_EQ(shown(*whole), "http://[2001:db8::7]:8443");
    EXPECT_EQ(parse_url("redis://:only@cache:6379")->password, "only");
    EXPECT_EQ(parse_url("https://a.example?key=1")->target, "/?key=1");
}

TEST(url, what_is_none_is_refused)
{
    for (const auto* text :
         {"", "a.example", "a.example:80", "https://", "https://:443/", "https://a.example:0",
          "https://a.example:70000", "https://a.example:8x", "https://[::1", "mailto:me@a.example",
          "http://user:sec/ret@h:1", "http://user:se@cret@h:1", "http://u:p%0d@h:1",
          "https://a.example/\r\nX: y", "https://a b/", "http://u:%zz@h:1", "socks5://p%2fy",
          "socks5://p81%81/", "https://[v1.a]/"})
        EXPECT_FALSE(parse_url(text)) << text;
}

TEST(a_word_without_secrets, keeps_what_is_no_url)
{
    for (const auto* word : {"", "echo.example:7443", "--label", "a@b", "--db=a:b/c.db"})
        EXPECT_EQ(without_secrets(word), word);
}

TEST(a_word_without_secrets, shows_of_a_url_where_it_leads_alone)
{
    EXPECT_EQ(without_secrets("https://api.example:8443"), "https://api.example:8443");
    EXPECT_EQ(without_secrets("--proxy=http://me:secret@p.example:3128"),
              "--proxy=http://***@p.example:3128");
    EXPECT_EQ(without_secrets("https://a.example/hook/secret?key=secret"), "https://a.example/***");
    EXPECT_EQ(without_secrets("redis://:secret@c:1"), "redis://***@c:1");
    EXPECT_EQ(without_secrets("--proxy=http://me:sec/ret@p:1"), "--proxy=http://***");
}

TEST(a_word_without_secrets, stays_as_it_is_when_asked_again)
{
    for (const auto* word :
         {"HTTP://a b/", "X-Y://h/p", "@http://h", "1A://h", "SOCKS5://u:p%@h:1"})
        EXPECT_EQ(without_secrets(without_secrets(word)), without_secrets(word)) << word;
}

// Whatever a secret is made of, and whether or not the URL is well written with it.
TEST(a_word_without_secrets, leaks_none_of_any_character)
{
    for (int code = 1; code < 256; ++code) {
        const std::string secret = std::string{"plan"} + static_cast<char>(code) + "ted";
        for (const auto& word : {"http://me:" + secret + "@p:1", "http://" + secret + "@p:1/",
                                 "--proxy=socks5://" + secret + ":" + secret + "@[::1]:1080",
                                 "https://h/" + secret + "?" + secret + "#" + secret}) {
            const auto safe = without_secrets(word);
            EXPECT_EQ(safe.find("plan"), std::string::npos) << word << " -> " << safe;
            EXPECT_EQ(safe.find("ted"), std::string::npos) << word << " -> " << safe;
        }
    }
}

}  // namespace
}  // namespace deadair
