#include "prober/observation/probes.hpp"

#include <gtest/gtest.h>

#include "tests/unit/prober/observation/scene.hpp"

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;
using testing::scene;

constexpr auto to_client = direction::to_client;
constexpr auto to_server = direction::to_server;

/// Connection 1 is open and has been silent for a minute.
class probes_test : public ::testing::Test {
protected:
    probes_test()
    {
        here.begin();
        here.open(1);
        here.pass(1min);
    }

    /// Probe 1 is asked for, and the server speaks 10 ms later.
    void server_speaks()
    {
        here.ask(1, 1, to_client);
        here.pass(10ms);
        spoke_at = here.now;
        here.pass(10ms);
        here.tell(here.spoke_at(spoke_at, 1, 1));
    }
    /// Probe 1 leaves.
    void client_speaks()
    {
        here.ask(1, 1, to_server);
        left_at = here.now;
    }
    const note::settled& settled()
    {
        all = here.told<note::settled>();
        EXPECT_EQ(all.size(), 1);
        return all.at(0);
    }

    scene here;
    nanoseconds spoke_at{};
    nanoseconds left_at{};
    std::vector<note::settled> all;
};

TEST_F(probes_test, the_first_message_after_a_silence_is_delivered_with_its_idle_age)
{
    server_speaks();
    here.pass(5ms);
    here.tell(heard{1, 1});
    EXPECT_EQ(settled().result, outcome::delivered);
    const auto& probe = settled().probe;
    EXPECT_EQ(probe.sent, spoke_at);
    EXPECT_NEAR(to_seconds(probe.idle_age), 60.2, 0.02);
    EXPECT_EQ(probe.idle_age_error, 5ms + 10ms);  // of the join, and of the server's clock
    EXPECT_EQ(probe.round_trip, 20ms);
    EXPECT_TRUE(here.seen.idle());
}

TEST_F(probes_test, the_probe_may_come_before_the_report_that_it_was_sent)
{
    here.ask(1, 1, to_client);
    here.pass(20ms);
    here.tell(heard{1, 1});
    EXPECT_TRUE(here.told<note::settled>().empty());
    here.tell(here.spoke_at(here.now - 10ms, 1, 1));
    EXPECT_EQ(settled().result, outcome::delivered);
}

TEST_F(probes_test, an_answer_a_millisecond_before_the_verdict_is_due_is_in_time)
{
    client_speaks();
    here.pass(2s - 1ms);
    here.tell(received{1, 1, here.now, 10ms});
    EXPECT_EQ(settled().result, outcome::delivered);
}

TEST_F(probes_test, an_answer_a_millisecond_after_the_verdict_is_due_is_late)
{
    client_speaks();
    here.pass(2s + 1ms);
    here.tell(received{1, 1, here.now, 10ms});
    EXPECT_EQ(settled().result, outcome::late);
}

TEST_F(probes_test, what_arrived_in_time_is_delivered_though_its_report_comes_after)
{
    client_speaks();
    here.pass(2s + 500ms);
    EXPECT_NE(here.last<query>(), nullptr);
    here.tell(received{1, 1, left_at + 1s, 10ms});
    EXPECT_EQ(settled().result, outcome::delivered);
}

TEST_F(probes_test, a_message_of_the_server_is_late_by_the_time_at_which_it_spoke)
{
    server_speaks();
    here.pass(2s - 10ms - 1ms);  // it spoke 10 ms ago
    here.tell(heard{1, 1});
    EXPECT_EQ(settled().result, outcome::delivered);
    EXPECT_EQ(here.last<query>(), nullptr);
}

TEST_F(probes_test, a_message_of_the_server_that_comes_two_milliseconds_later_is_late)
{
    server_speaks();
    here.pass(2s - 10ms + 1ms);
    here.tell(heard{1, 1});
    EXPECT_EQ(settled().result, outcome::late);
}

TEST_F(probes_test, silence_is_loss_once_the_server_has_answered_on_the_control_connection)
{
    client_speaks();
    here.pass(2s);
    EXPECT_TRUE(here.told<note::settled>().empty());
    here.kernel[1].retransmitted = 3;
    here.tell(scene::state_of(1, true));
    EXPECT_EQ(settled().result, outcome::lost);
    EXPECT_EQ(settled().probe.retransmitted, 3);
    EXPECT_EQ(settled().probe.server_saw, "nothing");
}

TEST_F(probes_test, silence_proves_nothing_when_the_server_does_not_answer)
{
    client_speaks();
    here.pass(4s - 1ms);
    EXPECT_TRUE(here.told<note::settled>().empty());
    here.pass(1ms);
    EXPECT_EQ(settled().result, outcome::voided);
    EXPECT_EQ(settled().probe.doubt, "the server did not say whether the path works");
}

TEST_F(probes_test, a_probe_that_nobody_saw_leave_is_void)
{
    here.ask(1, 1, to_client);
    here.pass(2s);
    here.tell(scene::state_of(1, true));
    EXPECT_EQ(settled().result, outcome::voided);
    EXPECT_EQ(settled().probe.doubt, "the server did not say that it spoke");
}

TEST_F(probes_test, a_lost_probe_that_arrives_takes_the_verdict_back_once)
{
    server_speaks();
    here.pass(2s);
    here.tell(scene::state_of(1, true));
    EXPECT_EQ(settled().result, outcome::lost);
    here.pass(1min);
    here.tell(heard{1, 1});
    here.tell(heard{1, 1});
    const auto late = here.told<note::late>();
    ASSERT_EQ(late.size(), 1);
    EXPECT_EQ(late.front().probe.probe, 1);
    EXPECT_FALSE(here.happened(happening::disbelieved));
}

TEST_F(probes_test, a_counter_that_moved_during_the_silence_makes_it_void)
{
    ++here.kernel[1].segments_in;
    client_speaks();
    here.tell(received{1, 1, here.now, 10ms});
    EXPECT_EQ(settled().result, outcome::voided);
    EXPECT_EQ(settled().probe.doubt, "1 segments came and 0 left during the silence");
}

TEST_F(probes_test, a_packet_that_only_the_server_saw_makes_it_void)
{
    here.ask(1, 1, to_client);
    auto report = here.spoke_at(here.now, 1, 1);
    report.before->since_ack_received_ms = 20'000;
    here.tell(report);
    here.tell(heard{1, 1});
    EXPECT_EQ(settled().result, outcome::voided);
    EXPECT_EQ(settled().probe.doubt, "the server's kernel saw a packet 20.000 s before the probe");
}

TEST_F(probes_test, what_trails_in_after_an_exchange_belongs_to_it)
{
    here.open(2);
    here.ask(2, 2, to_server);
    here.pass(10ms);
    here.tell(received{2, 2, here.now, 10ms});
    here.pass(100ms);
    ++here.kernel[2].segments_in;  // a delayed acknowledgement
    here.pass(1min);
    here.ask(3, 2, to_server);
    here.tell(received{3, 2, here.now, 10ms});
    EXPECT_EQ(here.outcomes(), (std::vector{outcome::delivered, outcome::delivered}));
    // Somewhere in the 200 ms in which it may have come, and in the 10 ms before.
    EXPECT_NEAR(to_seconds(here.told<note::settled>().back().probe.idle_age_error), 0.115, 0.006);
}

TEST_F(probes_test, an_end_during_a_probe_is_its_outcome)
{
    client_speaks();
    here.pass(20ms);
    here.tell(gone{1, outcome::reset, "connection reset"});
    here.pass(20ms);
    here.tell(scene::state_of(1, true));
    EXPECT_EQ(settled().result, outcome::reset);
    EXPECT_TRUE(here.told<note::ended>().empty());
}

TEST_F(probes_test, an_end_by_itself_tells_of_the_idle_age_at_which_it_came)
{
    here.tell(gone{1, outcome::closed, "closed"});
    here.tell(scene::state_of(1, false));
    const auto ended = here.told<note::ended>();
    ASSERT_EQ(ended.size(), 1);
    EXPECT_EQ(ended.front().result, outcome::closed);
    EXPECT_NEAR(to_seconds(ended.front().seen.idle_age), 60.2, 0.02);
    EXPECT_EQ(here.told<note::closed>().size(), 1);
    EXPECT_EQ(here.seen.waiting(), 0);
    EXPECT_NE(here.last<end_connection>(), nullptr);
}

TEST_F(probes_test, an_end_that_both_ends_tell_of_ends_it_once)
{
    here.tell(gone{1, outcome::closed, "closed"});
    here.tell(far_ended{1, outcome::closed, "closed"});
    here.tell(gone{1, outcome::closed, "closed"});
    here.tell(scene::state_of(1, false));
    here.tell(far_ended{1, outcome::closed, "closed"});
    here.tell(gone{1, outcome::closed, "closed"});
    EXPECT_EQ(here.told<note::ended>().size(), 1);
    EXPECT_EQ(here.told<note::closed>().size(), 1);
    EXPECT_FALSE(here.happened(happening::disbelieved));
}

TEST_F(probes_test, a_probe_on_a_connection_that_is_just_ending_is_void_and_the_end_still_counts)
{
    here.tell(gone{1, outcome::closed, "closed"});
    client_speaks();
    EXPECT_EQ(settled().result, outcome::voided);
    here.tell(scene::state_of(1, false));
    EXPECT_EQ(here.told<note::ended>().size(), 1);
}

TEST_F(probes_test, an_end_that_comes_before_the_server_could_speak_is_one_by_itself)
{
    const spoke too_late{.probe = 1, .connection = 1, .at = here.now, .gone = true, .before = {}};
    const gone end{1, outcome::closed, "closed"};
    for (const auto& told :
         {std::vector<event>{end, too_late}, std::vector<event>{too_late, end}}) {
        scene one;
        one.begin();
        one.open(1);
        one.pass(60s);
        one.ask(1, 1, to_client);
        for (const auto& each : told) {
            one.pass(10ms);
            one.tell(each);
        }
        one.tell(scene::state_of(1, false));
        EXPECT_EQ(one.outcomes(), std::vector{outcome::voided});
        const auto ended = one.told<note::ended>();
        ASSERT_EQ(ended.size(), 1);
        EXPECT_EQ(ended.front().result, outcome::closed);
        EXPECT_NEAR(to_seconds(ended.front().seen.idle_age), 60.2, 0.1);
    }
}

TEST_F(probes_test, a_probe_on_a_connection_that_is_not_there_is_void)
{
    here.ask(1, 4711, to_client);
    EXPECT_EQ(settled().result, outcome::voided);
    EXPECT_EQ(settled().probe.doubt, "the connection had ended");
    EXPECT_EQ(here.last<let_speak>(), nullptr);
}

TEST_F(probes_test, what_was_said_on_a_refreshed_connection_is_no_disturbance)
{
    here.seen.refresh_by(1, {refresh::data, refresh_side::client}, 1s);
    here.kernel[1].segments_out += 60;
    here.kernel[1].segments_in += 60;
    client_speaks();
    here.tell(received{1, 1, here.now, 10ms});
    EXPECT_EQ(settled().result, outcome::delivered);
    EXPECT_EQ(settled().probe.how.by, refresh::data);
}

TEST_F(probes_test, a_refresh_that_was_never_sent_makes_it_void)
{
    here.seen.refresh_by(1, {refresh::tcp_keepalive, refresh_side::client}, 1s);
    client_speaks();
    here.tell(received{1, 1, here.now, 10ms});
    EXPECT_EQ(settled().result, outcome::voided);
}

}  // namespace
}  // namespace deadair::observation
