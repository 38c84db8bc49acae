#include "prober/show/progress.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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

TEST(progress, is_one_json_object_for_programs)
{
    auto now = halfway();
    now.phase = "searching";
    now.strata.resize(1);
    EXPECT_EQ(now.json_line(),
              R"({"elapsed_s":12.000,"expected_end_s":40.000,"phase":"searching","opening":0,)"
              R"("waiting":96,"delivered":10,"not_delivered":3,"void":0,"outage":false,)"
              R"("strata":[{"transport":"wss","direction":"to_client","server_port":7443,)"
              R"("family":"ipv4","low_s":11.900,"high_s":12.100,"done":false}]})");
    now.strata[0].expired.reset();
    EXPECT_NE(now.json_line().find(R"("high_s":null)"), std::string::npos);
}

TEST(progress, tells_an_outage_and_what_cannot_be_vouched_for)
{
    auto now = halfway();
    now.outage = true;
    now.counts.add(outcome::voided);
    now.counts.add(outcome::lost);
    now.counts.add(outcome::delivered);
    now.counts.opening = 2;
    EXPECT_NE(now.plain_line().find("OUTAGE: the server is not heard"), std::string::npos);
    EXPECT_NE(now.plain_line().find("11 delivered, 4 not, 2 opening, 1 void"), std::string::npos)
        << now.plain_line();
}

TEST(progress, reads_its_mode)
{
    EXPECT_EQ(parse_progress_mode("auto"), progress_mode::automatic);
    EXPECT_EQ(parse_progress_mode("plain"), progress_mode::plain);
    EXPECT_EQ(parse_progress_mode("json"), progress_mode::json);
    EXPECT_EQ(parse_progress_mode("none"), progress_mode::none);
    EXPECT_FALSE(parse_progress_mode("live"));
}

std::string shown_by(progress_mode mode, const std::vector<nanoseconds>& at)
{
    testing::internal::CaptureStderr();
    progress show{mode};
    for (const auto each : at) {
        auto now = halfway();
        now.elapsed = each;
        show.update(now);
    }
    show.finish();
    return testing::internal::GetCapturedStderr();
}

TEST(progress, in_a_log_repeats_what_is_not_new_once_a_minute)
{
    const auto text = shown_by(progress_mode::plain, {1s, 3s, 10s, 30s, 62s});
    EXPECT_EQ(std::ranges::count(text, '\n'), 2) << text;
    EXPECT_EQ(text.find("1 s: "), 0U) << text;
}

TEST(progress, for_programs_comes_every_five_seconds)
{
    const auto text = shown_by(progress_mode::json, {1s, 3s, 6s, 8s, 11s});
    EXPECT_EQ(std::ranges::count(text, '\n'), 3) << text;
}

TEST(progress, on_a_terminal_is_drawn_over_itself_and_taken_away)
{
    const auto text = shown_by(progress_mode::live, {1s, 2s});
    EXPECT_NE(text.find("\x1b[4A"), std::string::npos);
    EXPECT_TRUE(text.ends_with("\x1b[4A\r\x1b[J"));
}

TEST(progress, says_nothing_where_nothing_is_wanted)
{
    EXPECT_EQ(shown_by(progress_mode::none, {1s, 10s}), "");
}

}  // namespace
}  // namespace deadair::prober
