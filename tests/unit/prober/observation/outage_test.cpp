#include "prober/observation/outage.hpp"

#include <gtest/gtest.h>

#include "tests/unit/prober/observation/scene.hpp"

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;
using testing::scene;

constexpr auto to_server = direction::to_server;

class outage_test : public ::testing::Test {
protected:
    outage_test() { here.begin(); }

    /// Connection `number` has survived 30 s of silence, and goes on.
    void survive(connection_id number)
    {
        here.open(number);
        here.pass(30s);
        here.ask(number, number, to_server);
        here.tell(received{number, number, here.now, 10ms});
        here.pass(1s);
        here.notes.clear();
    }
    /// The control connection goes, and a new one comes.
    void outage(bool resumed = true)
    {
        here.tell(control_down{"the control connection is silent", here.now - 500ms});
        here.pass(5s);
        here.tell(control_up{.resumed = resumed, .connections_max = 256});
    }
    /// The connection that is asked whether bindings outlived the outage answers, or not.
    void doubt_answered(connection_id number, bool known)
    {
        const auto* const ask = here.last<let_speak>();
        ASSERT_NE(ask, nullptr);
        ASSERT_EQ(ask->connection, number);
        ASSERT_GE(ask->probe, unprompted_first);
        const auto probe = ask->probe;
        here.tell(here.spoke_at(here.now, probe, number));
        if (known)
            return here.tell(heard{probe, number});
        here.pass(2s);
        here.tell(scene::state_of(number, true));
    }

    scene here;
};

TEST_F(outage_test, an_outage_between_the_send_and_the_answer_makes_the_probe_void)
{
    here.open(1);
    here.pass(30s);
    here.ask(1, 1, to_server);
    here.pass(500ms);
    here.tell(control_down{"the control connection is silent", here.now - 500ms});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    EXPECT_TRUE(here.seen.outage());
    here.tell(received{1, 1, here.now, 10ms});
    here.pass(1min);
    EXPECT_EQ(here.outcomes().size(), 1);
}

TEST_F(outage_test, nothing_is_sent_during_an_outage)
{
    here.open(1);
    here.tell(control_down{"silent", here.now});
    here.ask(1, 1, to_server);
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    EXPECT_EQ(here.last<speak>(), nullptr);
}

TEST_F(outage_test, an_outage_that_the_control_connection_outlives_leaves_no_doubt)
{
    here.open(1);
    here.tell(control_down{"silent", here.now});
    here.pass(3s);
    here.tell(control_heard{});
    EXPECT_FALSE(here.seen.outage());
    EXPECT_EQ(here.happenings(), (std::vector<std::string>{"outage_began", "outage_ended"}));
    EXPECT_EQ(here.seen.waiting(), 1);
}

// For longer than the idle timeout, maybe: then it was not the ping that did not count.
TEST_F(outage_test, what_died_because_no_refresh_passed_a_dark_path_proves_nothing)
{
    here.open(1);
    here.open(2);
    here.seen.refresh_by(1, {refresh::ws_ping, refresh_side::client}, 1s);
    here.pass(30s);
    here.tell(control_down{"silent", here.now});
    here.pass(15s);
    here.tell(control_heard{});
    for (const connection_id number : {1U, 2U}) {
        ++here.kernel[number].segments_out;
        here.ask(number, number, to_server);
        here.tell(gone{number, outcome::reset, "reset"});
        here.tell(scene::state_of(number, true));
    }
    const auto told = here.told<note::settled>();
    ASSERT_EQ(told.size(), 2);
    EXPECT_EQ(told[0].result, outcome::voided);
    EXPECT_NE(told[0].probe.doubt.find("dark"), std::string::npos) << told[0].probe.doubt;
    EXPECT_EQ(told[1].probe.doubt.find("dark"), std::string::npos) << told[1].probe.doubt;
}

TEST_F(outage_test, what_waits_to_be_sent_again_holds_refreshes_back_after_the_outage)
{
    for (const std::uint32_t waiting : {1U, 0U}) {
        const connection_id number = waiting + 1;
        here.open(number);
        here.seen.refresh_by(number, {refresh::ws_ping, refresh_side::client}, 1s);
        here.pass(30s);
        here.tell(control_down{"silent", here.now});
        here.pass(15s);
        here.tell(control_heard{});
        here.kernel[number].unacknowledged = waiting;
        ++here.kernel[number].segments_out;
        here.ask(number, number, to_server);
        here.tell(received{number, number, here.now, 10ms});
        here.pass(8s);
        ++here.kernel[number].segments_out;
        here.ask(10 + number, number, to_server);
        here.tell(gone{number, outcome::reset, "reset"});
        here.tell(scene::state_of(number, true));
        EXPECT_EQ(here.told<note::settled>().back().result,
                  waiting != 0 ? outcome::voided : outcome::reset);
    }
}

TEST_F(outage_test, a_connection_from_before_an_outage_that_works_vouches_for_the_others)
{
    survive(1);
    survive(2);
    outage();
    EXPECT_TRUE(here.seen.outage());
    doubt_answered(2, true);  // the youngest
    EXPECT_TRUE(here.happened(happening::bindings_survived));
    EXPECT_FALSE(here.seen.outage());
    EXPECT_EQ(here.seen.waiting(), 1);  // the one that was asked is no longer silent
    EXPECT_TRUE(here.told<note::settled>().empty());
}

TEST_F(outage_test, after_a_flush_nobody_can_be_vouched_for)
{
    survive(1);
    survive(2);
    outage();
    doubt_answered(2, false);
    EXPECT_TRUE(here.happened(happening::bindings_lost));
    EXPECT_EQ(here.told<note::voided>().size(), 2);
    EXPECT_EQ(here.told<note::closed>().size(), 2);
    EXPECT_EQ(here.seen.waiting(), 0);
    EXPECT_FALSE(here.seen.outage());
}

TEST_F(outage_test, a_doubt_that_cannot_be_answered_blames_nobody)
{
    survive(1);
    outage();
    here.pass(4s);  // the server neither speaks nor tells
    EXPECT_TRUE(here.happened(happening::bindings_in_doubt));
    EXPECT_FALSE(here.happened(happening::bindings_lost));
    EXPECT_EQ(here.seen.waiting(), 0);
    EXPECT_FALSE(here.seen.outage());
}

TEST_F(outage_test, an_outage_during_the_doubt_asks_again_afterwards)
{
    survive(1);
    outage();
    const auto first = here.last<let_speak>()->probe;
    outage();
    EXPECT_NE(here.last<let_speak>()->probe, first);
    doubt_answered(1, true);
    EXPECT_TRUE(here.happened(happening::bindings_survived));
}

// As where everything is cut at an age, the control connection as well.
TEST_F(outage_test, control_connections_that_end_before_the_answer_do_not_ask_for_ever)
{
    survive(1);
    outage();
    outage();
    EXPECT_TRUE(here.seen.outage());
    outage();
    EXPECT_TRUE(here.happened(happening::bindings_in_doubt));
    EXPECT_FALSE(here.seen.outage());
    EXPECT_EQ(here.seen.waiting(), 0);
}

TEST_F(outage_test, without_a_connection_that_can_tell_all_are_void)
{
    here.open(1);  // nothing was survived yet
    here.pass(30s);
    outage();
    EXPECT_TRUE(here.happened(happening::bindings_in_doubt));
    EXPECT_EQ(here.told<note::voided>().size(), 1);
}

TEST_F(outage_test, a_busy_connection_can_tell_though_no_silence_was_survived)
{
    here.open(1);
    here.seen.refresh_by(1, {refresh::data, refresh_side::both}, 1s);
    here.pass(30s);
    outage();
    doubt_answered(1, true);
    EXPECT_TRUE(here.happened(happening::bindings_survived));
}

TEST_F(outage_test, a_restarted_server_voids_its_connections_and_keeps_those_that_wait)
{
    here.open(1);
    here.tell(control_down{"closed", here.now});
    here.seen.open(2, path{.server_port = 7443});
    here.pass(2s);
    here.todo.clear();
    here.tell(control_up{.resumed = false, .connections_max = 256});
    EXPECT_TRUE(here.happened(happening::server_restarted));
    EXPECT_EQ(here.told<note::voided>().size(), 1);
    EXPECT_EQ(here.told<note::voided>().front().connection, 1);
    ASSERT_NE(here.last<request_tickets>(), nullptr);
    here.tell(tickets{std::vector<opening::ticket>(here.last<request_tickets>()->count)});
    ASSERT_NE(here.last<connect>(), nullptr);
    EXPECT_EQ(here.last<connect>()->connection, 2);
}

}  // namespace
}  // namespace deadair::observation
