#include "prober/evidence/url.hpp"

#include <gtest/gtest.h>

namespace deadair::prober::evidence {
namespace {

TEST(url, names_scheme_host_port_and_path)
{
    const auto plain = read_url("http://a.example/chart?day=1");
    ASSERT_TRUE(plain);
    EXPECT_FALSE(plain->secured);
    EXPECT_EQ(plain->host, "a.example");
    EXPECT_EQ(plain->port, 80);
    EXPECT_EQ(plain->path, "/chart?day=1");
    const auto secured = read_url("https://[2001:db8::7]:8443");
    ASSERT_TRUE(secured);
    EXPECT_TRUE(secured->secured);
    EXPECT_EQ(secured->host, "2001:db8::7");
    EXPECT_EQ(secured->port, 8443);
    EXPECT_EQ(secured->path, "/");
    EXPECT_EQ(describe(*secured), "https://[2001:db8::7]:8443");
}

TEST(url, what_is_none_is_refused)
{
    for (const auto* text : {"", "a.example", "ftp://a.example", "https://", "https://:443/",
                             "https://a.example:0", "https://a.example:70000", "https://[::1",
                             "https://user:secret@a.example/", "https://a.example/\r\nX: y"})
        EXPECT_FALSE(read_url(text)) << text;
}

}  // namespace
}  // namespace deadair::prober::evidence
