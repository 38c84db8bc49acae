// A witness that only knows whether the path works, and a server that closes by itself.
#include <gtest/gtest.h>

#include "tests/unit/prober/observation/scene.hpp"

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;
using testing::scene;

/// Connection 1 is open and has been silent for a minute.
class path_works_test : public ::testing::Test {
protected:
    path_works_test()
    {
        here.begin();
        here.open(1);
        here.pass(1min);
    }
    /// Connection 1 ends, and it is the server's doing.
    void server_ends(const std::string& how, std::optional<time> seen_at = {})
    {
        here.tell(gone{.connection = 1,
                       .how = outcome::closed,
                       .why = how,
                       .ticket_sent = true,
                       .by_server = true,
                       .server_saw = how,
                       .seen_at = seen_at});
    }

    scene here;
};

TEST_F(path_works_test, what_is_not_answered_is_lost_only_once_the_path_is_known_to_work)
{
    here.ask(1, 1, direction::to_server);
    here.kernel[1].retransmitted = 3;
    here.pass(2s);
    EXPECT_NE(here.last<query>(), nullptr);
    EXPECT_TRUE(here.told<note::settled>().empty());
    here.tell(path_works{1});
    ASSERT_EQ(here.outcomes(), std::vector{outcome::lost});
    EXPECT_EQ(here.told<note::settled>().front().probe.retransmitted, 3);
}

/// A server that is made to speak, and whose kernel nobody can ask.
class made_to_speak_test : public path_works_test {
protected:
    void spoke_now(nanoseconds error)
    {
        here.tell(spoke{.probe = 1,
                        .connection = 1,
                        .at = here.now,
                        .error = error,
                        .gone = false,
                        .before = {}});
    }
};

TEST_F(made_to_speak_test, what_is_heard_was_delivered_as_exactly_as_it_is_known_when_it_was_said)
{
    here.ask(1, 1, direction::to_client);
    here.tell(heard{1, 1});
    spoke_now(150ms);
    ASSERT_EQ(here.outcomes(), std::vector{outcome::delivered});
    const auto probe = here.told<note::settled>().front().probe;
    EXPECT_EQ(probe.doubt, "");
    EXPECT_GE(probe.idle_age_error, 150ms);
    EXPECT_NEAR(to_seconds(probe.idle_age), 60, 0.25);
}

TEST_F(made_to_speak_test, what_is_not_heard_is_lost_and_nobody_knows_how_often_it_was_sent)
{
    here.ask(1, 1, direction::to_client);
    spoke_now(1ms);
    here.kernel[1].retransmitted = 3;
    here.pass(2s);
    here.tell(path_works{1});
    ASSERT_EQ(here.outcomes(), std::vector{outcome::lost});
    EXPECT_EQ(here.told<note::settled>().front().probe.retransmitted, 0);
}

TEST_F(made_to_speak_test, where_it_is_not_known_whether_it_spoke_it_is_void)
{
    here.ask(1, 1, direction::to_client);
    here.pass(2s);
    here.tell(path_works{1});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
}

TEST_F(path_works_test, without_that_word_it_is_void)
{
    here.ask(1, 1, direction::to_server);
    here.pass(5s);
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    here.tell(path_works{1});
    EXPECT_EQ(here.told<note::settled>().size(), 1);
}

TEST_F(path_works_test, a_word_that_nobody_asked_for_changes_nothing)
{
    here.ask(1, 1, direction::to_server);
    here.tell(path_works{1});
    here.tell(path_works{2});
    EXPECT_TRUE(here.told<note::settled>().empty());
}

TEST_F(path_works_test, an_end_of_the_servers_own_is_told_as_such)
{
    server_ends("closed");
    here.tell(path_works{1});
    const auto ended = here.told<note::ended>();
    ASSERT_EQ(ended.size(), 1);
    EXPECT_EQ(ended[0].result, outcome::closed);
    EXPECT_TRUE(ended[0].seen.by_server);
    EXPECT_NEAR(to_seconds(ended[0].seen.idle_age), 60, 0.5);
}

TEST_F(path_works_test, what_the_server_said_by_itself_ended_the_silence_when_it_came)
{
    server_ends("spoke", here.now - 10s);
    here.tell(path_works{1});
    ASSERT_EQ(here.told<note::ended>().size(), 1);
    EXPECT_NEAR(to_seconds(here.told<note::ended>()[0].seen.idle_age), 50, 0.5);
    EXPECT_EQ(here.told<note::closed>().at(0).client_saw, "spoke");
}

TEST_F(path_works_test, a_probe_that_crosses_the_servers_close_proves_nothing)
{
    here.ask(1, 1, direction::to_server);
    server_ends("closed");
    here.tell(path_works{1});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
}

// Its system answers with a reset what comes after the close, and the close is not seen.
TEST_F(path_works_test, a_reset_at_an_age_at_which_the_server_ends_silences_proves_nothing)
{
    here.open(2);
    server_ends("closed");
    here.tell(path_works{1});
    here.pass(60200ms);
    here.ask(2, 2, direction::to_server);
    here.tell(gone{2, outcome::reset, "reset"});
    here.tell(path_works{2});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
}

TEST_F(path_works_test, a_reset_that_answers_a_probe_is_the_paths)
{
    here.ask(1, 1, direction::to_server);
    here.tell(gone{1, outcome::reset, "reset"});
    here.tell(path_works{1});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::reset});
}

/// A server that may take 15 s for an answer, whose kernel has the question.
class slow_server_test : public path_works_test {
protected:
    slow_server_test()
    {
        other.on(control_up{.resumed = false, .connections_max = 19}, 0s);
        other.open(2, path{.server_port = 443});
        other.act(0s);
        other.on(tickets{std::vector<opening::ticket>(1)}, 0s);
        other.act(0s);
        here.kernel[2] = here.kernel[1];
        other.on(joined{2}, 0s);
        other.act(1s);
        other.probe(1, 2, direction::to_server, 10s);
        other.on(said{1, 2, here.kernel[2]}, 10s);
    }
    std::optional<outcome> settled()
    {
        for (const auto& each : other.take_notes())
            if (const auto* const found = std::get_if<note::settled>(&each.what))
                return found->result;
        return std::nullopt;
    }

    observation other{{.verdict_after = 2s, .doubted_by = direction::to_server, .answer_max = 15s},
                      here};
};

TEST_F(slow_server_test, what_its_kernel_has_acknowledged_is_not_lost_while_it_may_answer)
{
    other.act(13s);
    EXPECT_FALSE(settled());
    other.on(received{1, 2, 18s, 0ns}, 18s);
    EXPECT_EQ(settled(), outcome::delivered);
}

TEST_F(slow_server_test, in_the_end_it_is_lost_behind_whoever_acknowledged_it)
{
    other.act(13s);
    other.act(25s);
    other.on(path_works{2}, 25s);
    EXPECT_EQ(settled(), outcome::lost);
}

TEST_F(slow_server_test, what_nobody_acknowledged_is_lost_as_soon_as_ever)
{
    here.kernel[2].unacknowledged = 1;
    other.act(13s);
    other.on(path_works{2}, 13s);
    EXPECT_EQ(settled(), outcome::lost);
}

TEST_F(path_works_test, after_an_outage_a_connection_is_asked_the_only_way_there_is)
{
    observation other{{.verdict_after = 2s, .doubted_by = direction::to_server}, here};
    other.on(control_up{.resumed = false, .connections_max = 19}, 0s);
    other.open(2, path{.server_port = 443});
    other.act(0s);
    other.on(tickets{std::vector<opening::ticket>(1)}, 0s);
    other.act(0s);
    here.kernel[2] = here.kernel[1];
    other.on(joined{2}, 0s);
    other.probe(1, 2, direction::to_server, 10s);
    other.on(said{1, 2, here.kernel[2]}, 10s);
    other.on(received{1, 2, 10s, 0ns}, 10s);
    other.act(11s);
    other.on(control_down{.why = "silent", .worked_at = 14s}, 15s);
    other.on(control_up{.resumed = true, .connections_max = 19}, 17s);
    const auto todo = other.act(17s);
    EXPECT_TRUE(std::ranges::any_of(
        todo, [](const action& each) { return std::holds_alternative<speak>(each); }));
}

}  // namespace
}  // namespace deadair::observation
