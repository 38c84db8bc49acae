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

TEST(run_report, says_which_refresh_counts)
{
    auto of = a_run();
    EXPECT_FALSE(says(html(run_report(of)), "id=\"refreshes\""));
    auto in_vain = of.findings.front();
    in_vain.where.how.by = refresh::tcp_keepalive;
    in_vain.where.how.from = refresh_side::client;
    in_vain.not_delivered = 3;
    auto counts = in_vain;
    counts.where.how.by = refresh::data;
    counts.kind = estimate::finding_kind::none;
    counts.delivered = 3;
    counts.not_delivered = 0;
    of.findings.push_back(in_vain);
    of.findings.push_back(counts);
    const auto page = plain_text(run_report(of));
    EXPECT_TRUE(says(page, "does not count (0 lived, 3 died, 0 void)")) << page;
    EXPECT_TRUE(says(page, "counts (3 lived, 0 died, 0 void)")) << page;
}

TEST(run_report, says_what_was_proven_and_what_a_watch_noticed)
{
    auto of = a_run();
    store::verification proof;
    proof.run = 7;
    proof.tcp_keepalive = 9s;
    proof.idle_timeout = 20s;
    proof.result = "passed";
    proof.tried = 300;
    proof.share_high = 0.00994;
    of.verified = {proof};
    of.watched = store::watch_sums{};
    of.watched->messages = 100;
    of.watched->uploads = 5;
    of.watched->uploads_failed = 1;
    store::incident one;
    one.noticed_at = "2026-01-31T12:00:00.000Z";
    one.kind = incident_kind::upload_failed;
    one.put_down_to = blame::path;
    one.detail = "<b>stalled</b>";
    of.incidents = {one};
    const auto page = plain_text(run_report(of));
    for (const auto* words : {"TCP keepalive after 9 s", "at most 0.99 %", "0 of 300", "1 of 5",
                              "FAIL", "upload_failed", "2026-01-31 12:00 UTC"})
        EXPECT_TRUE(says(page, words)) << words << page;
    EXPECT_FALSE(says(html(run_report(of)), "<b>stalled"));
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

store::upload an_upload(idle_spell spell, transfer_outcome result)
{
    store::upload one;
    one.on.kind = transport::tls;
    one.size_bytes = 500'000;
    one.spell = spell;
    one.idle_before = spell == idle_spell::fresh ? 0s : 23s;
    one.result = result;
    one.total = 2s;
    if (result == transfer_outcome::completed) {
        one.moved_bytes = one.size_bytes;
        one.goodput_bytes_per_s = 250'000;
        one.longest_stall = 700ms;
    } else {
        one.longest_stall = one.total;
        one.kernel_gives_up = 929s;
    }
    return one;
}

material only_uploads()
{
    material all;
    all.run.command = "uploads";
    measured_upload fresh{.what = an_upload(idle_spell::fresh, transfer_outcome::completed),
                          .progress = {}};
    // Nothing moved from 0.1 s to 0.7 s.
    for (const auto at : {0ms, 100ms, 300ms, 500ms, 700ms, 800ms, 900ms, 1000ms, 1100ms, 1200ms,
                          1300ms, 1400ms, 1500ms, 1600ms, 1700ms, 1800ms, 1900ms, 2000ms})
        fresh.progress.push_back({.at = at,
                                  .moved_bytes = static_cast<std::uint64_t>(
                                      (at > 100ms && at < 800ms ? 100ms : at).count() * 250)});
    all.uploads = {
        fresh, {.what = an_upload(idle_spell::beyond, transfer_outcome::stalled), .progress = {}}};
    return all;
}

TEST(run_report, tells_of_uploads_where_there_is_nothing_else)
{
    const auto page = plain_text(run_report(only_uploads()));
    EXPECT_TRUE(says(page, "How uploads and downloads fare")) << page;
    EXPECT_TRUE(says(page, "1 of 1 uploads and downloads on living connections completed")) << page;
    EXPECT_TRUE(says(page, "not told within 2 s; the kernel gives up after 15 min 29 s")) << page;
    EXPECT_TRUE(says(page, "500 kB ################################## 250 kB/s")) << page;
    EXPECT_TRUE(says(page, "====")) << page;
    EXPECT_TRUE(says(page, "xxxx")) << page;
    EXPECT_FALSE(says(page, "No answer yet"));
    EXPECT_FALSE(says(page, "Alive or dead"));
    EXPECT_FALSE(says(page, "Quality of the path"));
}

TEST(run_report, draws_a_stall_as_long_as_it_was)
{
    const auto page = plain_text(run_report(only_uploads()));
    // From 0.1 s to 0.7 s of 2 s, on 40 characters.
    EXPECT_TRUE(says(page, " =.............==========================\n")) << page;
}

TEST(run_report, tells_once_what_stands_out_of_the_evidence_and_what_changed)
{
    auto all = a_run();
    for (const auto when : {store::evidence_moment::start, store::evidence_moment::end}) {
        all.evidence.push_back({.run = 1,
                                .at = 1s,
                                .moment = when,
                                .part = "hops",
                                .available = true,
                                .detail = "1 192.0.2.1",
                                .stands_out = {"the server was not reached hop by hop"}});
        all.evidence.push_back({.run = 1,
                                .at = 1s,
                                .moment = when,
                                .part = "routes",
                                .available = true,
                                .detail = std::string{to_string(when)},
                                .stands_out = {}});
    }
    const auto page = plain_text(run_report(all));
    const std::string sentence = "hops: the server was not reached hop by hop";
    EXPECT_TRUE(says(page, sentence.c_str())) << page;
    EXPECT_EQ(page.find(sentence), page.rfind(sentence));
    EXPECT_TRUE(says(page, "routes: not the same at the end as at the start")) << page;
    EXPECT_FALSE(says(page, "192.0.2.1")) << page;
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
