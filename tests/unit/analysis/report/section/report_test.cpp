#include <gtest/gtest.h>

#include "analysis/report/escalation/escalation.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {
namespace {

using namespace std::chrono_literals;

placed_probe a_probe(nanoseconds age, outcome result)
{
    placed_probe one;
    one.seen.idle_age = age;
    one.seen.sent = age + 1s;
    one.seen.result = result;
    return one;
}

// A firewall of 20 s, as a run with an outage saw it.
material a_run()
{
    material all;
    all.run.client_host = "<script>alert(1)</script>";
    all.run.server_endpoint = "echo.example:7443";
    all.run.state = store::run_state::finished;
    estimate::finding found;
    found.kind = estimate::finding_kind::timeout;
    found.idle_timeout = 20s;
    found.low = 19s;
    found.high = 21s;
    found.after_expiry = estimate::expiry::silent;
    all.findings = {found};
    all.probes = {a_probe(10s, outcome::delivered), a_probe(19s, outcome::delivered),
                  a_probe(21s, outcome::lost), a_probe(5s, outcome::voided)};
    all.connections.resize(3);
    all.events = {{.run = 1, .at = 3s, .kind = "outage_began", .detail = "no answer"},
                  {.run = 1, .at = 5s, .kind = "outage_ended", .detail = ""}};
    all.lasted = 30s;
    return all;
}

bool says(const std::string& page, const char* words)
{
    return page.find(words) != std::string::npos;
}

TEST(run_report, has_every_part_and_no_markup_of_strangers)
{
    const auto page = html(run_report(a_run()));
    for (const auto* id : {"answer", "findings", "deaths", "timeline", "path", "method", "numbers"})
        EXPECT_TRUE(says(page, (std::string{"<section id=\""} + id + "\"").c_str())) << id;
    EXPECT_FALSE(says(page, "<script"));
    EXPECT_TRUE(says(page, "forgotten after 20 s"));
}

TEST(run_report, marks_what_was_alive_and_what_was_dead_in_characters)
{
    const auto page = plain_text(run_report(a_run()));
    EXPECT_TRUE(says(page, "+ delivered   x not delivered")) << page;
    EXPECT_TRUE(says(page, "|")) << page;
}

TEST(run_report, lives_with_a_run_in_which_every_probe_is_void)
{
    auto nothing = a_run();
    nothing.probes = {a_probe(5s, outcome::voided)};
    nothing.findings = {{}};
    EXPECT_TRUE(says(html(run_report(nothing)), "No answer yet"));
}

TEST(escalation, answers_six_questions_and_admits_what_was_not_measured)
{
    const auto asked = questions(a_run());
    ASSERT_EQ(asked.size(), 6U);
    EXPECT_TRUE(says(asked[0].answered, "20 s")) << asked[0].answered;
    EXPECT_TRUE(says(asked[1].answered, "not measured")) << asked[1].answered;
    EXPECT_TRUE(says(asked[2].answered, "not measured")) << asked[2].answered;
    EXPECT_TRUE(says(asked[5].answered, "not measured")) << asked[5].answered;
}

TEST(escalation, names_incidents_workarounds_and_the_change_asked_for)
{
    const auto page = markdown(escalation(
        a_run(), {.file = "r.db", .contact = "Jane", .workarounds = {"pings"}, .wanted = 7440s}));
    EXPECT_TRUE(says(page, "3 s after the start: outage_began"));
    EXPECT_TRUE(says(page, "- pings"));
    EXPECT_TRUE(says(page, "from 20 s to 2 h 4 min")) << page;
    EXPECT_FALSE(says(page, "<script"));
}

}  // namespace
}  // namespace deadair::report
