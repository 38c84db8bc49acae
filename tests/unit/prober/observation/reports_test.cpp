// What the far end says is checked: a lying server makes void, is counted, and is said.
#include <gtest/gtest.h>

#include "tests/unit/prober/observation/scene.hpp"

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;
using testing::scene;

class reports_test : public ::testing::Test {
protected:
    reports_test()
    {
        here.begin();
        here.open(1);
        here.pass(1min);
    }
    void expect_void_and_said()
    {
        here.tell(scene::state_of(1, true));
        EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
        EXPECT_TRUE(here.happened(happening::disbelieved));
        EXPECT_EQ(here.seen.disbelieved(), 1);
    }

    scene here;
};

TEST_F(reports_test, a_server_that_spoke_before_it_was_asked_did_not)
{
    here.ask(1, 1, direction::to_client);
    here.tell(here.spoke_at(here.now - 1s, 1, 1));
    here.tell(heard{1, 1});
    expect_void_and_said();
}

TEST_F(reports_test, a_server_that_will_speak_did_not)
{
    here.ask(1, 1, direction::to_client);
    here.tell(here.spoke_at(here.now + 1s, 1, 1));
    here.tell(heard{1, 1});
    expect_void_and_said();
}

TEST_F(reports_test, another_number_than_the_probes_is_no_loss)
{
    here.ask(1, 1, direction::to_client);
    here.tell(here.spoke_at(here.now, 1, 1));
    here.kernel[1].segments_in += 1;
    here.tell(heard{7, 1});
    here.pass(3s);
    expect_void_and_said();
}

TEST_F(reports_test, bytes_that_are_no_probe_are_no_loss)
{
    here.ask(1, 1, direction::to_client);
    here.tell(here.spoke_at(here.now, 1, 1));
    here.kernel[1].segments_in += 1;
    here.pass(3s);
    here.tell(scene::state_of(1, true));
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
}

// Its silence settles while the probe is under way: that must not swallow what came.
TEST_F(reports_test, bytes_soon_after_the_connection_opened_are_no_loss_either)
{
    here.want(2);
    here.join(2);
    here.ask(2, 2, direction::to_client);
    here.tell(here.spoke_at(here.now, 2, 2));
    here.kernel[2].segments_in += 1;
    here.pass(3s);
    here.tell(scene::state_of(2, true));
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
}

// We close what sends nonsense; that the server sees it close is our doing.
TEST_F(reports_test, the_servers_end_of_what_ended_here_is_no_death)
{
    here.ask(1, 1, direction::to_client);
    here.tell(here.spoke_at(here.now, 1, 1));
    here.tell(gone{1, outcome::voided, "bytes that make no sense"});
    here.tell(scene::state_of(1, true));
    here.tell(far_ended{1, outcome::closed, "closed"});
    here.tell(scene::state_of(1, false));
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    for (const auto& each : here.told<note::ended>())
        EXPECT_EQ(each.result, outcome::voided);
}

TEST_F(reports_test, five_years_are_no_idle_age)
{
    here.ask(1, 1, direction::to_client);
    here.tell(here.spoke_at(nanoseconds::min() / 2, 1, 1));
    expect_void_and_said();
    for (const auto& each : here.told<note::settled>())
        EXPECT_LE(each.probe.idle_age, here.now);
}

TEST_F(reports_test, the_clocks_may_differ_by_what_they_are_exact_to)
{
    here.ask(1, 1, direction::to_client);
    here.tell(here.spoke_at(here.now - 19ms, 1, 1));
    here.tell(heard{1, 1});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::delivered});
    EXPECT_EQ(here.told<note::settled>().front().probe.sent, here.now);
}

TEST_F(reports_test, a_probe_that_arrived_before_it_left_did_not)
{
    here.ask(1, 1, direction::to_server);
    here.tell(received{1, 1, here.now - 1s, 10ms});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    EXPECT_EQ(here.seen.disbelieved(), 1);
}

TEST_F(reports_test, a_report_that_comes_twice_counts_once)
{
    here.ask(1, 1, direction::to_server);
    here.tell(received{1, 1, here.now, 10ms});
    here.tell(received{1, 1, here.now, 10ms});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::delivered});
}

TEST_F(reports_test, numbers_that_nobody_asked_for_are_counted_and_change_nothing)
{
    const auto number = std::numeric_limits<std::uint32_t>::max();
    here.tell(here.spoke_at(here.now, number, 1));
    here.tell(received{number, number, here.now, 10ms});
    here.tell(heard{7, 1});
    here.tell(scene::state_of(1, false));
    here.tell(far_ended{number, outcome::reset, "reset"});
    here.tell(joined{number});
    here.tell(gone{number, outcome::reset, "reset"});
    EXPECT_EQ(here.seen.disbelieved(), 5);
    EXPECT_EQ(here.seen.waiting(), 1);
    EXPECT_TRUE(here.told<note::settled>().empty());
    EXPECT_TRUE(here.told<note::ended>().empty());
}

TEST_F(reports_test, a_report_for_the_wrong_connection_or_direction_is_none)
{
    here.open(2);
    here.ask(1, 1, direction::to_server);
    here.tell(received{1, 2, here.now, 10ms});
    here.tell(here.spoke_at(here.now, 1, 1));
    here.tell(heard{1, 1});
    EXPECT_TRUE(here.told<note::settled>().empty());
    EXPECT_EQ(here.seen.disbelieved(), 3);
}

TEST_F(reports_test, an_end_before_the_beginning_is_no_expiry)
{
    here.want(2);
    here.tell(far_ended{2, outcome::reset, "reset"});
    EXPECT_EQ(here.told<note::open_failed>().size(), 1);
    here.tell(joined{2});
    here.tell(gone{2, outcome::reset, "reset"});
    EXPECT_TRUE(here.told<note::ended>().empty());
    EXPECT_EQ(here.told<note::open_failed>().size(), 1);
    EXPECT_EQ(here.seen.being_opened(), 0);
    EXPECT_EQ(here.seen.waiting(), 1);
    EXPECT_EQ(here.seen.disbelieved(), 1);
}

TEST_F(reports_test, an_end_right_after_the_beginning_has_no_negative_age)
{
    here.want(2);
    here.join(2);
    here.tell(far_ended{2, outcome::reset, "reset"});
    here.tell(scene::state_of(2, false));
    const auto ended = here.told<note::ended>();
    ASSERT_EQ(ended.size(), 1);
    EXPECT_GE(ended.front().seen.idle_age - ended.front().seen.idle_age_error, 0ns);
}

TEST_F(reports_test, a_connection_that_ended_and_is_open_did_neither)
{
    here.tell(far_ended{1, outcome::reset, "reset"});
    here.tell(scene::state_of(1, true));
    const auto ended = here.told<note::ended>();
    ASSERT_EQ(ended.size(), 1);
    EXPECT_EQ(ended.front().result, outcome::voided);
    EXPECT_EQ(here.seen.disbelieved(), 1);
}

TEST_F(reports_test, nobody_sends_a_billion_packets_in_two_seconds)
{
    here.ask(1, 1, direction::to_client);
    here.tell(here.spoke_at(here.now, 1, 1));
    here.pass(2s);
    auto state = scene::state_of(1, true);
    state.now.retransmitted = 1'000'000'000;
    here.tell(state);
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    EXPECT_EQ(here.told<note::settled>().front().probe.retransmitted, 0);
}

TEST_F(reports_test, lies_are_said_ever_more_rarely_and_end_the_control_connection)
{
    for (int count = 0; count < 999; ++count)
        here.tell(scene::state_of(1, true));
    EXPECT_EQ(here.happenings(), (std::vector<std::string>(3, "disbelieved")));
    EXPECT_EQ(here.last<end_control>(), nullptr);
    here.tell(scene::state_of(1, true));
    EXPECT_NE(here.last<end_control>(), nullptr);
}

TEST_F(reports_test, tickets_that_nobody_asked_for_end_the_stay)
{
    here.tell(tickets{std::vector<opening::ticket>(256)});
    const auto failed = here.told<note::failed>();
    ASSERT_EQ(failed.size(), 1);
    EXPECT_EQ(failed.front().why, "the server sent tickets that nobody asked for");
    here.tell(tickets{std::vector<opening::ticket>(256)});
    EXPECT_EQ(here.told<note::failed>().size(), 1);
    EXPECT_EQ(here.seen.wake_at(), std::nullopt);
}

TEST_F(reports_test, what_the_server_kept_of_a_void_probe_is_stale_and_no_lie)
{
    here.ask(1, 1, direction::to_client);
    here.tell(control_down{"silent", here.now - 1s});
    here.tell(control_heard{});
    here.tell(here.spoke_at(here.now, 1, 1));
    here.tell(heard{1, 1});
    EXPECT_EQ(here.outcomes(), std::vector{outcome::voided});
    EXPECT_EQ(here.seen.disbelieved(), 0);
}

}  // namespace
}  // namespace deadair::observation
