#include "prober/show/progress.hpp"

#include <gtest/gtest.h>

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;

snapshot halfway()
{
    snapshot now;
    now.elapsed = 12s;
    now.expected_end = 40s;
    now.counts = {.opening = 0, .waiting = 96, .delivered = 10, .not_delivered = 3, .voided = 0};
    for (const auto way : {direction::to_client, direction::to_server})
        now.strata.push_back(
            {.where = {.on = {.server_port = 7443, .kind = transport::wss}, .way = way},
             .survived = 11'900ms,
             .expired = 12'100ms});
    return now;
}

TEST(progress, says_what_is_known_first_and_fits_a_narrow_terminal)
{
    const auto lines = halfway().live_lines(40);
    ASSERT_EQ(lines.size(), 4U);
    for (const auto& each : lines)
        EXPECT_LE(each.size(), 40U) << each;
    EXPECT_EQ(lines[1], "  12 s, at most 28 s more");
    EXPECT_EQ(lines[2], "  11.9 to 12.1 s       wss to_client");
    auto later = halfway();
    later.phase = "keepalive test";
    later.outage = true;
    EXPECT_EQ(later.live_lines(39)[0], "OUTAGE; keepalive test: 96 silent, 10/3");
    EXPECT_NE(later.live_lines(120)[0].find("or Ctrl-C"), std::string::npos);
}

TEST(progress, names_port_and_family_where_they_differ)
{
    auto now = halfway();
    now.strata[1].where.on.server_port = 443;
    EXPECT_NE(now.live_lines(80)[2].find("port 7443 ipv4"), std::string::npos);
}

TEST(progress, in_a_log_is_one_short_line_that_time_alone_does_not_change)
{
    auto later = halfway();
    later.elapsed = 13s;
    EXPECT_EQ(later.plain_line(), halfway().plain_line());
    EXPECT_LE(later.plain_line().size(), 80U) << later.plain_line();
}

}  // namespace
}  // namespace deadair::prober
