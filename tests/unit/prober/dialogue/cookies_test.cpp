#include "prober/dialogue/cookies.hpp"

#include <gtest/gtest.h>

namespace deadair::dialogue {
namespace {

using namespace std::chrono_literals;

constexpr cookie_reader reader{
    .host = "api.shop.example", .path = "/cart/1?q=/", .secured = true, .now = 1000s};

TEST(cookies, lines_of_names_and_values_are_for_anybody)
{
    EXPECT_EQ(cookies_for(reader, "# a comment\r\na=1\r\n\r\nb=x=y\n"), "a=1; b=x=y");
}

TEST(cookies, of_a_jar_those_for_this_host_path_and_moment_are_taken)
{
    EXPECT_EQ(cookies_for(reader,
                          "# Netscape HTTP Cookie File\n"
                          "api.shop.example\tFALSE\t/\tFALSE\t0\tsession\t1\n"
                          "#HttpOnly_.shop.example\tTRUE\t/cart\tTRUE\t1001\tlogin\t2\n"
                          "API.shop.Example\tFALSE\t/\tFALSE\t0\tempty\n"
                          "shop.example\tFALSE\t/\tFALSE\t0\tnot_below\t3\n"
                          ".hop.example\tTRUE\t/\tFALSE\t0\tother_host\t3\n"
                          ".shop.example\tTRUE\t/car\tFALSE\t0\tother_path\t4\n"
                          ".shop.example\tTRUE\t/\tFALSE\t1000\tover\t5\n"),
              "session=1; login=2; empty=");
}

TEST(cookies, what_is_for_tls_alone_is_told_in_no_clear_text)
{
    auto open = reader;
    open.secured = false;
    EXPECT_EQ(cookies_for(open, ".shop.example\tTRUE\t/\tTRUE\t0\tlogin\t2\n"), "");
}

TEST(cookies, a_line_of_another_kind_makes_the_file_none)
{
    for (const auto* line : {"no cookie", "=value", "a\tb\tc", "h\tTRUE\t/\tTRUE\tlater\tn\tv",
                             "h\tTRUE\t/\tTRUE\t0\t\tv"})
        EXPECT_EQ(cookies_for(reader, line), std::nullopt) << line;
}

}  // namespace
}  // namespace deadair::dialogue
