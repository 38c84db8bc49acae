#include "prober/verify/verification_progress.hpp"

#include <gtest/gtest.h>

#include <string>

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;

verification_progress halfway()
{
    verification_progress now;
    now.elapsed = 2min;
    now.expected_end = 1h;
    now.open = 124;
    now.delivered = 1500;
    now.unprotected_died = 11;
    return now;
}

TEST(verification_progress, fits_forty_columns_and_hides_nothing)
{
    const auto lines = halfway().live_lines(40);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0], "holding 124 connections");
    EXPECT_EQ(lines[1], "  120 s of 1 h");
    EXPECT_EQ(lines[2], "  1500 delivered, 0 missed, 0 void");
    EXPECT_EQ(lines[3], "  controls dead: 11");
}

TEST(verification_progress, an_outage_comes_first_and_says_until_when_it_is_tried)
{
    auto now = halfway();
    now.outage = true;
    EXPECT_EQ(now.live_lines(40)[0], "OUTAGE; tried until the end, at 1 h");
    EXPECT_EQ(now.live_lines(80)[0],
              "OUTAGE: the server is not heard; tried until the end, at 1 h");
    EXPECT_TRUE(now.plain_line().starts_with("OUTAGE")) << now.plain_line();
}

}  // namespace
}  // namespace deadair::prober
