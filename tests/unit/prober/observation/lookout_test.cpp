#include "prober/observation/lookout.hpp"

#include <gtest/gtest.h>

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;

/// A lookout whose connection answers keepalives once a second.
class lookout_test : public ::testing::Test {
protected:
    /// Beats four times a second, as the sockets do.
    void pass(nanoseconds length, bool path_works = true)
    {
        for (const auto until = now + length; now < until;) {
            now += 250ms;
            if (path_works && now % 1s == 0s)
                ++segments;
            here.counted(segments, now);
            act();
        }
    }
    void act()
    {
        for (const auto& each : here.act(now)) {
            opened += std::holds_alternative<lookout::open>(each) ? 1 : 0;
            asked += std::holds_alternative<lookout::ask>(each) ? 1 : 0;
            ended += std::holds_alternative<lookout::end>(each) ? 1 : 0;
        }
        for (auto& each : here.take_events())
            told.push_back(std::move(each));
    }
    void come_up()
    {
        act();
        here.opened(now);
        act();
    }
    template <class Kind>
    std::size_t count() const
    {
        return static_cast<std::size_t>(std::ranges::count_if(
            told, [](const event& each) { return std::holds_alternative<Kind>(each); }));
    }

    lookout here{lookout::limits{.connections_max = 19}};
    nanoseconds now{1s};
    std::uint32_t segments{10};
    int opened{};
    int asked{};
    int ended{};
    std::vector<event> told;
};

TEST_F(lookout_test, an_answer_on_the_first_connection_begins_the_stay)
{
    come_up();
    EXPECT_EQ(opened, 1);
    ASSERT_EQ(count<control_up>(), 1);
    EXPECT_EQ(std::get<control_up>(told.front()).connections_max, 19);
    EXPECT_FALSE(std::get<control_up>(told.front()).resumed);
    pass(1h);
    EXPECT_EQ(told.size(), 1) << "while the path works there is nothing to tell";
    EXPECT_EQ(asked, 0) << "and nothing to ask";
}

TEST_F(lookout_test, who_does_not_answer_at_first_will_not_later)
{
    act();
    pass(11s);
    ASSERT_EQ(count<control_failed>(), 1);
    EXPECT_EQ(std::get<control_failed>(told.front()).why, "the server did not answer within 10 s");
    EXPECT_EQ(ended, 1);
    pass(1min);
    EXPECT_EQ(opened, 1);
}

TEST_F(lookout_test, in_doubt_it_asks_once_for_all_and_the_answer_is_for_all)
{
    come_up();
    pass(5s);
    here.query(7);
    act();
    here.query(8);
    act();
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(count<path_works>(), 0);
    here.answered(now);
    act();
    EXPECT_EQ(count<path_works>(), 2);
}

TEST_F(lookout_test, three_keepalives_without_an_answer_are_an_outage_from_the_last_that_had_one)
{
    come_up();
    pass(5s);
    const auto worked = now;
    pass(2s, false);
    EXPECT_EQ(count<control_down>(), 0);
    pass(2s, false);
    ASSERT_EQ(count<control_down>(), 1);
    EXPECT_LE(std::get<control_down>(told.back()).worked_at, worked);
    pass(1s);
    EXPECT_EQ(count<control_heard>(), 1);
}

TEST_F(lookout_test, what_was_asked_before_an_outage_is_not_answered_by_what_follows_it)
{
    come_up();
    pass(2s);
    here.query(7);
    act();
    pass(4s, false);
    pass(1s);
    here.answered(now);
    act();
    EXPECT_EQ(count<path_works>(), 0);
}

TEST_F(lookout_test, a_long_outage_ends_with_a_new_connection)
{
    come_up();
    pass(5s);
    pass(8s, false);
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(opened, 2);
    pass(12s, false);
    EXPECT_GE(opened, 3) << "and again while that is not answered";
    EXPECT_EQ(count<control_down>(), 1);
    here.opened(now);
    act();
    ASSERT_EQ(count<control_up>(), 2);
    EXPECT_TRUE(std::get<control_up>(told.back()).resumed);
}

TEST_F(lookout_test, a_servers_own_close_is_no_outage_and_questions_wait_for_the_next_connection)
{
    come_up();
    pass(6s);
    here.query(7);
    here.gone(outcome::closed, "the peer closed the connection", now);
    act();
    EXPECT_EQ(opened, 2);
    EXPECT_EQ(count<control_down>(), 0);
    pass(250ms);
    here.opened(now);
    act();
    EXPECT_EQ(count<path_works>(), 1) << "the first answer tells as much as any";
    EXPECT_EQ(count<control_up>(), 1);
}

TEST_F(lookout_test, a_reset_is_an_outage)
{
    come_up();
    pass(6s);
    here.gone(outcome::reset, "Connection reset by peer", now);
    act();
    EXPECT_EQ(count<control_down>(), 1);
}

TEST_F(lookout_test, openings_keep_their_distance)
{
    come_up();
    for (int turn = 0; turn < 20; ++turn) {
        here.gone(outcome::closed, "closed", now);
        pass(250ms);
        here.opened(now);
    }
    EXPECT_LE(opened, 4) << "in 5 s";
}

TEST_F(lookout_test, a_server_that_will_not_have_us_ends_the_stay)
{
    come_up();
    here.refused("the server wants to be left alone (429)");
    act();
    EXPECT_EQ(count<control_failed>(), 1);
}

}  // namespace
}  // namespace deadair::observation
