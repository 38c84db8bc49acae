// What a user types, and what the record then holds. Times are real and short; nothing here depends
// on how exact they are.
#include <csignal>

#include "tests/loopback/prober_command.hpp"

namespace deadair::loopback {
namespace {

using namespace std::chrono_literals;

std::size_t count(const std::vector<store::probe>& probes, outcome result)
{
    return static_cast<std::size_t>(std::ranges::count(probes, result, &store::probe::result));
}

}  // namespace

TEST_F(prober_command, measure_finds_what_forgets_and_keeps_every_probe)
{
    EXPECT_EQ(measure({"--transport", "tcp,wss", "--refresh", "none", "--no-uploads"}),
              exit_code::done);
    const auto kept = results();
    const auto run = kept.find_run("latest");
    EXPECT_EQ(run.state, store::run_state::finished);
    EXPECT_GT(count(kept.probes(run.id), outcome::delivered), 0U);
    const auto findings = kept.findings(run.id);
    EXPECT_EQ(findings.size(), 4U);
    for (const auto& each : findings)
        EXPECT_LE(each.low.value_or(0s), idle_timeout + 500ms) << each.note;
}

TEST_F(prober_command, measure_tells_which_refresh_counts_and_uploads_a_little)
{
    EXPECT_EQ(measure({"--transport", "ws", "--direction", "to_client", "--refresh", "ws_ping,data",
                       "--refresh-from", "both"}),
              exit_code::done);
    const auto kept = results();
    const auto run = kept.find_run("latest").id;
    const auto probes = kept.probes(run);
    EXPECT_TRUE(std::ranges::any_of(probes, [](const store::probe& each) {
        return each.how.by == refresh::data && each.result == outcome::delivered;
    }));
    EXPECT_FALSE(kept.uploads(run).empty());
}

TEST_F(prober_command, measure_in_which_nothing_expires_says_so)
{
    EXPECT_EQ(run(prober::measure_command,
                  {"--min-idle", "500ms", "--max-idle", "1500ms", "--connections", "16",
                   "--transport", "tls", "--refresh", "none", "--no-uploads", "--no-evidence"}),
              exit_code::done);
    const auto kept = results();
    const auto findings = kept.findings(kept.find_run("latest").id);
    ASSERT_FALSE(findings.empty());
    for (const auto& each : findings)
        EXPECT_EQ(each.kind, estimate::finding_kind::none) << each.note;
}

TEST_F(prober_command, measure_gathers_evidence_of_the_host)
{
    EXPECT_EQ(run(prober::measure_command,
                  {"--min-idle", "500ms", "--max-idle", "1s", "--connections", "8", "--transport",
                   "tcp", "--refresh", "none", "--no-uploads"}),
              exit_code::done);
    const auto kept = results();
    EXPECT_FALSE(kept.evidence_of(kept.find_run("latest").id).empty());
}

TEST_F(prober_command, verify_proves_settings_that_hold)
{
    EXPECT_EQ(
        run(prober::verify_command, {"--assume-timeout", "2s", "--ws-ping", "400ms", "--for", "8s",
                                     "--connections", "12", "--transport", "wss", "--no-evidence"}),
        exit_code::done);
    const auto proven = results().verifications(there_.host());
    ASSERT_EQ(proven.size(), 1U);
    EXPECT_EQ(proven[0].missed, 0U);
    EXPECT_GT(proven[0].tried, 0U);
}

// The relay ends TCP: no keepalive gets past it.
TEST_F(prober_command, verify_shows_settings_that_do_not_hold)
{
    EXPECT_EQ(run(prober::verify_command,
                  {"--assume-timeout", "2s", "--tcp-keepalive", "1s", "--for", "10s",
                   "--connections", "24", "--transport", "tcp", "--no-evidence"}),
              exit_code::not_met);
}

TEST_F(prober_command, uploads_are_timed_and_a_dead_writer_is_noticed)
{
    EXPECT_EQ(run(prober::uploads_command,
                  {"--sizes", "64kB", "--assume-timeout", "2s", "--transport", "tcp,wss",
                   "--give-up-after", "2s", "--socket-timeout", "1s", "--user-timeout", "1s"}),
              exit_code::done);
    const auto kept = results();
    const auto run = kept.find_run("latest").id;
    const auto transfers = kept.uploads(run);
    EXPECT_TRUE(std::ranges::any_of(transfers, [](const store::upload& each) {
        return each.result == transfer_outcome::completed;
    }));
}

TEST_F(prober_command, watch_measures_holds_and_uploads)
{
    EXPECT_EQ(run(prober::watch_command,
                  {"--for", "14s", "--every", "10s", "--upload-every", "10s", "--hold", "4",
                   "--min-idle", "500ms", "--max-idle", "1s", "--connections", "12", "--transport",
                   "wss", "--refresh", "ws_ping", "--no-evidence"}),
              exit_code::done);
    const auto kept = results();
    EXPECT_GE(kept.runs().size(), 2U);
}

TEST_F(prober_command, evidence_is_gathered_and_packed)
{
    const auto archive = (folder_ / "evidence.tar.gz").string();
    EXPECT_EQ(
        run(prober::evidence_command, {"--evidence-for", "1s", "--archive", archive, "--redact"}),
        exit_code::done);
    EXPECT_TRUE(std::filesystem::exists(archive));
}

TEST_F(prober_command, a_wrong_token_is_told_in_a_sentence)
{
    EXPECT_EQ(std::filesystem::exists(file()), false);
    testing::internal::CaptureStderr();
    ::setenv("DEADAIR_TOKEN", std::string(64, '8').c_str(), 1);
    const auto& what = prober::measure_command;
    const auto code =
        what.run({.given = prober::parse_words({there_.host(), "--pin", there_.pin(), "--db",
                                                file(), "--progress", "none", "--no-evidence"},
                                               what),
                  .asked = "test"});
    ::unsetenv("DEADAIR_TOKEN");
    EXPECT_EQ(code, exit_code::failed);
    EXPECT_NE(testing::internal::GetCapturedStderr().find("token"), std::string::npos);
}

TEST_F(prober_command, an_interrupted_measurement_keeps_what_it_saw)
{
    std::thread user{[this] {
        await([](const auto& kept) { return rows(kept, "connections") > 0; });
        ::kill(::getpid(), SIGINT);
    }};
    EXPECT_EQ(run(prober::measure_command, {"--min-idle", "500ms", "--max-idle", "1m",
                                            "--connections", "16", "--no-evidence"}),
              exit_code::interrupted);
    user.join();
    const auto kept = results();
    EXPECT_EQ(kept.find_run("latest").state, store::run_state::interrupted);
}

}  // namespace deadair::loopback
