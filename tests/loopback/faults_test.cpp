// What a user is told when the path does worse than to forget. Times are real and short; nothing
// here depends on how exact they are.
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "tests/loopback/prober_command.hpp"

namespace deadair::loopback {
namespace {

using namespace std::chrono_literals;

class watch_command : public prober_command {
protected:
    using prober_command::prober_command;

    exit_code watch(const char* lasting, std::vector<std::string> more)
    {
        std::vector<std::string> words{"--for",      lasting, "--every",       "1h",
                                       "--min-idle", "500ms", "--max-idle",    "1s",
                                       "--hold",     "6",     "--no-evidence", "--connections",
                                       "16"};
        words.insert(words.end(), more.begin(), more.end());
        return run(prober::watch_command, std::move(words));
    }

    std::set<incident_kind> noticed() const
    {
        std::set<incident_kind> kinds;
        for (const auto& each : results().incidents(store::watch_id{1}))
            kinds.insert(each.kind);
        return kinds;
    }
};

// Of plain connections whatever their age, of any that is silent, and of uploads.
class watch_behind_limits : public watch_command {
protected:
    watch_behind_limits()
        : watch_command{
              relay_rules{.idle_timeout = idle_timeout, .plain_age_max = 4s, .upload_max = 100'000}}
    {
    }
};

class uploads_that_are_cut : public prober_command {
protected:
    uploads_that_are_cut()
        : prober_command{relay_rules{.idle_timeout = 1min, .upload_max = 100'000, .closes = true}}
    {
    }
};

}  // namespace

// What the disk takes at most is 10 s more.
TEST_F(watch_command, ends_as_soon_as_all_is_kept)
{
    const auto begun = std::chrono::steady_clock::now();
    watch("3s", {"--ws-ping", "400ms", "--assume-timeout", "2s", "--transport", "wss", "--refresh",
                 "none", "--no-uploads"});
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 3s + 8s);
}

// The relay ends TCP: no keepalive gets past it.
TEST_F(watch_command, notices_what_its_settings_do_not_keep)
{
    EXPECT_EQ(watch("12s", {"--tcp-keepalive", "1s", "--assume-timeout", "2s", "--transport", "tcp",
                            "--refresh", "none", "--no-uploads"}),
              exit_code::not_met);
    EXPECT_TRUE(noticed().contains(incident_kind::missed_message));
}

TEST_F(watch_command, notices_an_outage_and_that_nothing_survived_it)
{
    std::thread night{[this] {
        std::this_thread::sleep_for(6s);  // by then it has measured, and holds connections
        there_.darken(true);
        // Much longer, and their own silence would end them.
        std::this_thread::sleep_for(3s);  // longer than the relay remembers
        there_.darken(false);
    }};
    watch("18s", {"--ws-ping", "400ms", "--assume-timeout", "2s", "--transport", "wss", "--refresh",
                  "none", "--no-uploads"});
    night.join();
    EXPECT_TRUE(noticed().contains(incident_kind::outage));
    EXPECT_TRUE(noticed().contains(incident_kind::bindings_lost));
}

TEST_F(watch_behind_limits, notices_an_age_and_uploads_that_fail)
{
    EXPECT_EQ(watch("40s", {"--transport", "tcp", "--refresh", "data", "--upload-every", "1h"}),
              exit_code::not_met);
    EXPECT_TRUE(noticed().contains(incident_kind::upload_failed));
    const auto kept = results();
    const auto runs = kept.runs();
    EXPECT_TRUE(std::ranges::any_of(runs, [&](const store::run& each) {
        return std::ranges::any_of(kept.findings(each.id), [](const estimate::finding& one) {
            return one.kind == estimate::finding_kind::absolute_age;
        });
    }));
}

TEST_F(uploads_that_are_cut, are_told_from_those_that_arrive)
{
    progress_ = "json";
    EXPECT_EQ(run(prober::uploads_command,
                  {"--sizes", "64kB,500kB", "--transport", "tcp,tls", "--give-up-after", "2s"}),
              exit_code::done);
    const auto kept = results();
    std::size_t cut = 0;
    for (const auto& each : kept.uploads(kept.find_run("latest").id))
        if (each.way == transfer_direction::upload && each.size_bytes > 100'000) {
            ++cut;
            EXPECT_TRUE(each.result == transfer_outcome::closed ||
                        each.result == transfer_outcome::reset)
                << to_string(each.result);
        }
    EXPECT_EQ(cut, 2U);  // one for each transport
}

TEST_F(watch_command, goes_on_with_what_it_measured_before)
{
    const std::vector<std::string> words{"--transport", "wss", "--refresh", "none", "--no-uploads"};
    for (int start = 0; start < 2; ++start) {
        // The machine stops while connections are held, so what was measured is known.
        std::thread user{[this, start] {
            await([start](const auto& kept) {
                return std::ranges::count(kept.runs(), "watch", &store::run::command) > start;
            });
            ::kill(::getpid(), SIGTERM);
        }};
        watch("10m", words);
        user.join();
    }
    const auto kept = results();
    const auto sums = kept.sums_of(store::watch_id{1});
    EXPECT_EQ(sums.measurements, 1U);
    for (const auto& each : kept.runs())
        EXPECT_EQ(each.watch, store::watch_id{1});
}

TEST_F(prober_command, verify_that_is_interrupted_concludes_from_what_it_saw)
{
    progress_ = "plain";
    std::thread user{[this] {
        await([](const auto& kept) { return rows(kept, "messages") > 0; });
        ::kill(::getpid(), SIGINT);
    }};
    EXPECT_EQ(
        run(prober::verify_command, {"--assume-timeout", "1s", "--ws-ping", "300ms", "--for", "10m",
                                     "--connections", "8", "--transport", "wss", "--no-evidence"}),
        exit_code::interrupted);
    user.join();
    EXPECT_EQ(results().verifications(there_.host()).size(), 1U);
}

TEST_F(prober_command, verify_without_a_server_says_so)
{
    progress_ = "json";
    there_.darken(true);
    EXPECT_EQ(
        run(prober::verify_command, {"--assume-timeout", "1s", "--ws-ping", "300ms", "--for", "10m",
                                     "--connections", "8", "--transport", "wss", "--no-evidence"}),
        exit_code::failed);
}

}  // namespace deadair::loopback
