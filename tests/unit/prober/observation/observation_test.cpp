#include "prober/observation/observation.hpp"

#include <gtest/gtest.h>

#include "tests/unit/prober/observation/scene.hpp"

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;
using testing::scene;

constexpr auto to_client = direction::to_client;
constexpr auto to_server = direction::to_server;

class observation_test : public ::testing::Test {
protected:
    observation_test() { here.begin(); }

    scene here;
};

TEST_F(observation_test, a_connection_is_opened_with_a_ticket_and_is_silent_from_then_on)
{
    here.want(1);
    ASSERT_NE(here.last<connect>(), nullptr);
    EXPECT_EQ(here.last<connect>()->connection, 1);
    EXPECT_EQ(here.seen.being_opened(), 1);
    here.pass(100ms);
    here.join(1);
    const auto opened = here.told<note::opened>();
    ASSERT_EQ(opened.size(), 1);
    EXPECT_EQ(opened.front().idle_since, here.now - 5ms);
    EXPECT_EQ(here.seen.being_opened(), 0);
    EXPECT_EQ(here.seen.waiting(), 1);
}

TEST_F(observation_test, a_refused_join_fails_once_and_the_rest_goes_on)
{
    here.want(1);
    here.tell(gone{1, outcome::voided, "the server does not know the ticket", true});
    here.tell(gone{1, outcome::voided, "closed", true});
    here.tell(gone{1, outcome::closed, "closed", true});
    EXPECT_EQ(here.told<note::open_failed>().size(), 1);
    EXPECT_EQ(here.happenings(), std::vector<std::string>{"open_failed"});
    EXPECT_NE(here.last<end_connection>(), nullptr);
    EXPECT_EQ(here.seen.being_opened(), 0);
    here.open(2);
    EXPECT_EQ(here.seen.waiting(), 1);
}

TEST_F(observation_test, a_join_that_is_never_answered_fails_after_10_s)
{
    here.want(1);
    here.pass(10s - 1ms);
    EXPECT_TRUE(here.told<note::open_failed>().empty());
    here.pass(1ms);
    EXPECT_EQ(here.told<note::open_failed>().size(), 1);
    here.tell(joined{1});
    EXPECT_EQ(here.seen.waiting(), 0);
}

TEST_F(observation_test, a_server_that_gives_no_ticket_ends_the_stay_with_a_sentence)
{
    here.seen.open(1, path{.server_port = 7443});
    here.turn();
    here.pass(30s);
    ASSERT_EQ(here.told<note::failed>().size(), 1);
    EXPECT_NE(here.told<note::failed>().front().why.find("the server gave no ticket"),
              std::string::npos);
}

TEST_F(observation_test, a_control_connection_that_breaks_after_each_welcome_ends_the_stay)
{
    for (int count = 0; count < 100 && here.told<note::failed>().empty(); ++count) {
        here.tell(control_down{"a report of the server is malformed", here.now});
        here.pass(1s);
        here.tell(control_up{.resumed = true, .connections_max = 256});
    }
    ASSERT_EQ(here.told<note::failed>().size(), 1);
    EXPECT_LT(here.now, 11s);
    EXPECT_NE(here.told<note::failed>().front().why.find("malformed"), std::string::npos);
}

TEST_F(observation_test, control_connections_that_live_are_no_reason_to_give_up)
{
    for (int count = 0; count < 100; ++count) {
        here.pass(6s);
        here.tell(control_down{"reset", here.now});
        here.tell(control_up{.resumed = true, .connections_max = 256});
    }
    EXPECT_TRUE(here.told<note::failed>().empty());
}

TEST_F(observation_test, a_program_that_was_stopped_voids_what_was_under_way)
{
    here.open(1);
    here.pass(30s);
    here.ask(1, 1, to_server);
    const auto expected = here.now + 1s;
    here.now += 2s;
    here.tell(woke{.expected = expected});
    here.tell(received{1, 1, here.now, 10ms});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    EXPECT_TRUE(here.happened(happening::suspended));
    EXPECT_EQ(here.seen.waiting(), 1);
}

TEST_F(observation_test, a_loop_that_wakes_a_little_late_voids_nothing)
{
    here.open(1);
    here.ask(1, 1, to_server);
    const auto expected = here.now;
    here.now += 999ms;
    here.tell(woke{.expected = expected});
    EXPECT_FALSE(here.happened(happening::suspended));
}

TEST_F(observation_test, a_host_that_slept_cannot_vouch_for_any_silence)
{
    here.open(1);
    here.want(2);
    here.tell(woke{.expected = here.now, .slept = 10min});
    EXPECT_TRUE(here.happened(happening::suspended));
    EXPECT_EQ(here.told<note::voided>().size(), 2);
    EXPECT_EQ(here.told<note::closed>().size(), 1);
    EXPECT_EQ(here.seen.waiting(), 0);
    EXPECT_EQ(here.seen.being_opened(), 0);
}

TEST_F(observation_test, closing_a_connection_voids_the_probe_on_it)
{
    here.open(1);
    here.ask(1, 1, to_client);
    here.seen.close(1, "own", here.now);
    here.turn();
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    here.tell(here.spoke_at(here.now, 1, 1));
    here.tell(far_ended{1, outcome::reset, "reset"});
    EXPECT_EQ(here.seen.disbelieved(), 0);
}

TEST_F(observation_test, the_end_of_a_stay_leaves_nothing_open_and_tells_of_no_probe)
{
    here.open(1);
    here.open(2);
    here.ask(1, 1, to_client);
    here.seen.close_all(here.now);
    here.turn();
    EXPECT_EQ(here.told<note::closed>().size(), 2);
    EXPECT_TRUE(here.outcomes().empty());
    EXPECT_EQ(here.seen.wake_at(), std::nullopt);
}

TEST_F(observation_test, a_server_that_cannot_be_reached_is_told_once)
{
    scene there;
    there.tell(control_failed{"connection refused"});
    EXPECT_EQ(there.told<note::failed>().size(), 1);
    EXPECT_FALSE(there.seen.begun());
}

}  // namespace
}  // namespace deadair::observation
