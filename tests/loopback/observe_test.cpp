// Connections that no kernel has, looked at by the real observer, record and clock: which of them
// are written down, and how.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>

#include "analysis/words/usage_error.hpp"
#include "prober/command/command.hpp"
#include "prober/observe/observer.hpp"
#include "tests/loopback/far_side.hpp"
#include "tests/unit/analysis/sockets/kernel_socket.hpp"

namespace deadair::loopback {
namespace {

using namespace std::chrono_literals;
using prober::observe::observer;

// One connection that lives, and one that is not answered any more, to the same server.
class two_connections : public testing::Test {
protected:
    // Each look is a second after the one before.
    void look(const host::clock_reading& now, std::vector<sockets::sample>& all)
    {
        ++looks_;
        for (auto* each : {&alive_, &dead_})
            each->wait(std::max(now() - each->now(), nanoseconds{}));
        if (looks_ == 4)
            dead_.send();
        if (looks_ > 4)
            dead_.send_again();
        if (looks_ == 6) {
            alive_.send();
            alive_.be_acknowledged();
        }
        all = {alive_.look(), dead_.look()};
    }

    temporary_folder folder_;
    int looks_{};
    sockets::kernel_socket alive_{1};
    sockets::kernel_socket dead_{2};
};

}  // namespace

TEST_F(two_connections, are_told_apart_and_written_down)
{
    const auto file = folder_ / "results.db";
    auto into = store::database::open(file);
    boost::asio::io_context io{1};
    prober::record kept{io, file, {}, {}};
    prober::progress show{prober::progress_mode::none};
    observer* running = nullptr;
    observer::settings how;
    how.silence_min = 500ms;
    how.redact = true;
    how.description.command = "observe";
    how.description.options_used = "{}";
    how.read = [&](const host::clock_reading& now, std::vector<sockets::sample>& all) {
        look(now, all);
        if (looks_ == 10)
            boost::asio::post(io, [&] { running->interrupt(); });
    };
    observer one{io, how, kept, show};
    running = &one;
    one.start();
    io.run();
    EXPECT_TRUE(one.how().finished()) << "without a time that was asked for";
    ASSERT_EQ(one.runs().size(), 1U);
    const auto run = one.runs().front();
    EXPECT_EQ(into.find_run("latest").server_endpoint, "address-1:443");
    std::map<outcome, int> outcomes;
    for (const auto& each : into.probes(run))
        ++outcomes[each.result];
    EXPECT_EQ(outcomes, (std::map<outcome, int>{{outcome::delivered, 1}, {outcome::lost, 1}}));
    const auto noticed = into.incidents_of(run);
    ASSERT_EQ(noticed.size(), 1U);
    EXPECT_EQ(noticed.front().kind, incident_kind::missed_message);
    EXPECT_EQ(into.connection_ends(run).size(), 2U);
    ASSERT_EQ(one.sentences().size(), 1U);
    EXPECT_TRUE(one.sentences().front().starts_with("an unknown process → address-1:443: silences"))
        << one.sentences().front();
}

TEST(observing, that_cannot_succeed_is_refused_in_a_sentence)
{
    const auto refused = [](std::vector<std::string> words) {
        const auto& what = prober::observe_command;
        words.insert(words.end(), {"--db", "/dev/null"});
        try {
            what.run({.given = prober::parse_words(words, what), .asked = "test"});
        } catch (const usage_error& problem) {
            return std::string{problem.what()};
        }
        return std::string{};
    };
    EXPECT_NE(refused({"echo.example"}).find("takes no server"), std::string::npos);
    EXPECT_NE(refused({"--for", "1s"}).find("too short"), std::string::npos);
    EXPECT_NE(refused({"--min-silence", "1ms"}).find("500ms"), std::string::npos);
}

TEST(what_an_observer_shows, is_a_line_for_each_kind_of_reader)
{
    prober::observe::observe_progress now;
    now.elapsed = 90s;
    now.followed = 12;
    now.unanswered = 2;
    now.lived = 31;
    now.died = 4;
    now.groups = {R"(a "program" → 198.51.100.7:443: no silence has ended yet)"};
    EXPECT_EQ(now.plain_line(),
              "12 connections, 2 without an answer now; silences: 31 lived, 4 died");
    EXPECT_EQ(now.live_lines(200).size(), 2U);
    EXPECT_EQ(now.json_line(),
              R"({"elapsed_s":90.000,"connections":12,"unanswered":2,"lived":31,"died":4,)"
              R"("groups":["a \"program\" → 198.51.100.7:443: no silence has ended yet"]})");
}

}  // namespace deadair::loopback
