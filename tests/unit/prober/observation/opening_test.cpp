#include "prober/observation/opening.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace deadair::observation {
namespace {

using namespace std::chrono_literals;

opening::ticket numbered(unsigned number)
{
    opening::ticket value{};
    value[0] = std::byte(number & 0xff);
    value[1] = std::byte(number >> 8);
    return value;
}

/// A server that gives each ticket but once, and a time that only the test moves.
class opening_test : public testing::Test {
protected:
    opening_test() { under.on(opening::control_up{}); }

    template <class Action>
    std::vector<Action> act(nanoseconds at)
    {
        std::vector<Action> found;
        for (const auto& each : under.act(at))
            if (const auto* one = std::get_if<Action>(&each))
                found.push_back(*one);
        return found;
    }

    void give(std::size_t count, nanoseconds at = 0s)
    {
        std::vector<opening::ticket> values;
        while (values.size() < count)
            values.push_back(numbered(++given));
        under.on(opening::tickets{values}, at);
    }

    void want(std::uint32_t count)
    {
        for (std::uint32_t number = 0; number < count; ++number)
            under.want(number);
    }

    /// The numbers that were begun when `count` tickets came.
    std::vector<opening::connect> begin(std::uint32_t count, nanoseconds at = 0s)
    {
        want(count);
        act<opening::ask_for_tickets>(at);
        give(count, at);
        return act<opening::connect>(at);
    }

    opening under;
    unsigned given{};
};

TEST_F(opening_test, asks_for_as_many_tickets_as_connections_wait_and_once)
{
    want(3);
    const auto asked = act<opening::ask_for_tickets>(0s);
    ASSERT_EQ(asked.size(), 1);
    EXPECT_EQ(asked[0].count, 3);
    EXPECT_TRUE(act<opening::ask_for_tickets>(1s).empty());
}

TEST_F(opening_test, begins_in_order_each_with_a_ticket_of_its_own)
{
    const auto begun = begin(3);
    ASSERT_EQ(begun.size(), 3);
    for (std::uint32_t number = 0; number < 3; ++number) {
        EXPECT_EQ(begun[number].number, number);
        EXPECT_EQ(begun[number].admission, numbered(number + 1));
    }
    EXPECT_EQ(under.under_way(), 3);
    EXPECT_EQ(under.waiting(), 0);
}

TEST_F(opening_test, asks_again_for_what_a_short_answer_left_out)
{
    want(3);
    act<opening::ask_for_tickets>(0s);
    give(1);
    const auto asked = act<opening::ask_for_tickets>(0s);
    ASSERT_EQ(asked.size(), 1);
    EXPECT_EQ(asked[0].count, 2);
}

TEST_F(opening_test, pauses_after_an_answer_without_tickets)
{
    want(1);
    act<opening::ask_for_tickets>(0s);
    give(0);
    EXPECT_TRUE(act<opening::ask_for_tickets>(0s).empty());
    EXPECT_EQ(under.wake_at(), 1s);
    EXPECT_TRUE(act<opening::ask_for_tickets>(999ms).empty());
    EXPECT_EQ(act<opening::ask_for_tickets>(1s).size(), 1);
}

TEST_F(opening_test, has_no_more_under_way_than_the_limit)
{
    under = opening{{.under_way_max = 2}};
    under.on(opening::control_up{});
    EXPECT_EQ(begin(3).size(), 2);
    under.on(opening::joined{0});
    EXPECT_EQ(act<opening::connect>(1s).size(), 1);
}

TEST_F(opening_test, never_asks_for_more_than_the_server_keeps)
{
    want(1000);
    EXPECT_EQ(act<opening::ask_for_tickets>(0s).at(0).count, 256);
    give(256);
    EXPECT_TRUE(act<opening::ask_for_tickets>(0s).empty());  // those under way are unused as yet
    under.on(opening::joined{7});
    EXPECT_EQ(act<opening::ask_for_tickets>(0s).at(0).count, 1);
}

TEST_F(opening_test, gives_up_what_is_not_answered_in_time)
{
    begin(2);
    EXPECT_EQ(under.wake_at(), 10s);
    under.on(opening::joined{0});
    EXPECT_TRUE(act<opening::give_up>(10s - 1ns).empty());
    const auto late = act<opening::give_up>(10s);
    ASSERT_EQ(late.size(), 1);
    EXPECT_EQ(late[0].number, 1);
    EXPECT_EQ(late[0].why, "the server did not answer within 10 s");
    EXPECT_TRUE(act<opening::give_up>(11s).empty());
}

TEST_F(opening_test, uses_a_ticket_again_that_was_not_sent)
{
    const auto first = begin(1).at(0);
    under.on(opening::failed{.number = 0, .ticket_sent = false, .why = "refused"});
    under.want(1);
    const auto again = act<opening::connect>(1s);
    ASSERT_EQ(again.size(), 1);
    EXPECT_EQ(again[0].admission, first.admission);
}

TEST_F(opening_test, never_uses_a_ticket_again_that_was_sent)
{
    begin(1);
    under.on(opening::failed{.number = 0, .ticket_sent = true, .why = "reset"});
    under.want(1);
    EXPECT_EQ(act<opening::ask_for_tickets>(1s).size(), 1);
}

TEST_F(opening_test, does_not_keep_a_ticket_that_the_server_may_have_forgotten)
{
    begin(2);
    under.on(opening::joined{1});
    under.on(opening::failed{.number = 0, .ticket_sent = false, .why = "refused"});
    under.want(2);
    EXPECT_EQ(act<opening::ask_for_tickets>(60s).size(), 1);
}

// 40 s in which every new connection is refused, then a path that works again.
TEST_F(opening_test, refused_connections_do_not_starve_those_that_follow)
{
    begin(1);
    under.on(opening::joined{0});
    for (std::uint32_t number = 1; number <= 1000; ++number) {
        under.want(number);
        const auto now = number * 40ms;
        if (!act<opening::ask_for_tickets>(now).empty())
            give(1, now);
        act<opening::connect>(now);
        under.on(opening::failed{.number = number, .ticket_sent = false, .why = "refused"});
    }
    EXPECT_LE(given, 3);
    under.want(1001);
    EXPECT_EQ(act<opening::connect>(40s).size() + act<opening::ask_for_tickets>(40s).size(), 1);
}

TEST_F(opening_test, gives_up_what_waits_for_a_ticket_that_does_not_come)
{
    begin(1);
    under.on(opening::joined{0});
    want(2);
    act<opening::ask_for_tickets>(5s);
    EXPECT_EQ(under.wake_at(), 15s);
    const auto late = act<opening::give_up>(15s);
    ASSERT_EQ(late.size(), 2);
    EXPECT_EQ(late[0].why, "the server gave no ticket within 10 s");
    EXPECT_EQ(under.waiting(), 0);
    give(2);  // late, but asked for
    EXPECT_TRUE(act<opening::end>(16s).empty());
}

TEST_F(opening_test, waits_through_an_outage)
{
    want(1);
    act<opening::ask_for_tickets>(0s);
    under.on(opening::control_down{});
    EXPECT_TRUE(under.act(1h).empty());
    EXPECT_EQ(under.waiting(), 1);
    under.on(opening::control_up{.resumed = true});
    EXPECT_EQ(act<opening::ask_for_tickets>(1h).size(), 1);
}

TEST_F(opening_test, does_not_ask_twice_over_a_connection_that_was_only_silent)
{
    want(1);
    act<opening::ask_for_tickets>(0s);
    under.on(opening::control_down{});
    under.on(opening::control_heard{});
    EXPECT_TRUE(act<opening::ask_for_tickets>(2s).empty());
    give(1, 2s);
    EXPECT_EQ(act<opening::connect>(2s).size(), 1);
}

TEST_F(opening_test, a_restarted_server_knows_none_of_the_tickets)
{
    begin(1);
    under.on(opening::failed{.number = 0, .ticket_sent = false, .why = "reset"});
    under.on(opening::control_down{});
    under.on(opening::control_up{.resumed = false});
    under.want(1);
    EXPECT_TRUE(act<opening::connect>(1s).empty());
}

TEST_F(opening_test, tickets_that_nobody_asked_for_end_it)
{
    give(1);
    const auto ended = act<opening::end>(0s);
    ASSERT_EQ(ended.size(), 1);
    EXPECT_EQ(ended[0].why, "the server sent tickets that nobody asked for");
    EXPECT_TRUE(under.act(1s).empty());
    EXPECT_FALSE(under.wake_at());
}

TEST_F(opening_test, more_tickets_than_asked_for_end_it_and_none_is_used)
{
    want(2);
    act<opening::ask_for_tickets>(0s);
    give(3);
    EXPECT_EQ(under.act(0s).size(), 1);
    EXPECT_EQ(under.under_way(), 0);
}

// Joins are accepted and never answered, and whoever is given up is tried again at once.
TEST_F(opening_test, ends_when_the_server_is_heard_and_nothing_was_ever_opened)
{
    begin(1);
    for (auto now = 0s; now < 20s; now += 1s)
        for (const auto& late : act<opening::give_up>(now)) {
            under.on(opening::failed{.number = late.number, .ticket_sent = true, .why = late.why});
            begin(1, now);
        }
    const auto ended = act<opening::end>(20s);
    ASSERT_EQ(ended.size(), 1);
    EXPECT_EQ(ended[0].why,
              "the server is heard, but no connection to it could be opened within 20 s; the last "
              "one: the server did not answer within 10 s");
}

TEST_F(opening_test, one_that_was_opened_keeps_hope)
{
    begin(2);
    under.on(opening::joined{0});
    EXPECT_TRUE(act<opening::end>(1h).empty());
}

// An outage is no reason to lose hope, and what comes and goes has no more time than what stays.
TEST_F(opening_test, counts_the_time_in_which_the_server_is_heard)
{
    begin(1);
    for (auto now = 0s; now < 300s; now += 100s) {
        EXPECT_TRUE(act<opening::end>(now + 6s).empty());
        under.on(opening::control_down{});
        EXPECT_TRUE(act<opening::end>(now + 100s).empty());
        under.on(opening::control_up{.resumed = true});
        EXPECT_TRUE(act<opening::end>(now + 100s).empty());
    }
    EXPECT_TRUE(act<opening::end>(301s).empty());
    EXPECT_EQ(act<opening::end>(302s).size(), 1);
}

TEST_F(opening_test, forgets_what_its_user_closed)
{
    want(2);
    under.forget(0);
    act<opening::ask_for_tickets>(0s);
    give(1);
    EXPECT_EQ(act<opening::connect>(0s).at(0).number, 1);
    under.forget(1);
    EXPECT_EQ(under.under_way(), 0);
}

}  // namespace
}  // namespace deadair::observation
