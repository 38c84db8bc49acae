#include "analysis/sockets/onlooker.hpp"

#include <gtest/gtest.h>

#include <map>

#include "analysis/sockets/summary.hpp"
#include "tests/unit/analysis/sockets/kernel_socket.hpp"

namespace deadair::sockets {
namespace {

using namespace std::chrono_literals;

// Connections of this host, looked at together.
class a_host : public testing::Test {
protected:
    kernel_socket& open(std::uint64_t cookie, std::uint8_t remote = 7)
    {
        auto& made = all_.emplace(cookie, kernel_socket{cookie, remote}).first->second;
        made.wait(now_);
        made.send();
        made.be_acknowledged();
        return made;
    }
    void look()
    {
        std::vector<sample> seen;
        for (const auto& [cookie, each] : all_)
            seen.push_back(each.look());
        onlooker_.look(seen, now_);
    }
    void silence(nanoseconds so_long)
    {
        for (nanoseconds gone{}; gone < so_long; gone += 1s) {
            now_ += 1s;
            for (auto& [cookie, each] : all_)
                each.wait(now_ - each.now());
            look();
        }
    }
    // The program has closed it.
    void over(std::uint64_t cookie)
    {
        const auto last = all_.at(cookie).look();
        all_.erase(cookie);
        look();
        onlooker_.over(last);
    }

    nanoseconds now_{};
    std::map<std::uint64_t, kernel_socket> all_;
    onlooker onlooker_{{}};
};

}  // namespace

TEST_F(a_host, that_hears_the_server_over_a_new_connection_knows_that_the_old_one_was_dead)
{
    auto& old = open(1);
    look();
    silence(60s);
    old.send();
    for (int i = 0; i < 4; ++i) {
        silence(1s);
        old.send_again();
    }
    EXPECT_EQ(onlooker_.unanswered(now_, 3s), 1U);
    open(2);
    silence(2s);
    old.send_again();
    silence(2s);
    over(1);
    const auto told = onlooker_.take();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().whose.cookie, 1U);
    EXPECT_EQ(told.front().what.what.result, outcome::lost);
    EXPECT_EQ(onlooker_.take_gone(), std::vector<std::uint64_t>{1});
}

TEST_F(a_host, is_not_deceived_by_a_look_that_lacks_a_connection)
{
    auto& old = open(1);
    look();
    silence(30s);
    onlooker_.look({}, now_);
    silence(30s);
    old.send();
    silence(1s);
    open(2);
    for (int i = 0; i < 5; ++i) {
        silence(1s);
        old.send_again();
    }
    silence(1s);
    over(1);
    const auto told = onlooker_.take();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().what.what.result, outcome::lost);
    EXPECT_GT(*told.front().what.noticed_after, 5s);
}

TEST_F(a_host, that_hears_another_server_alone_does_not_know)
{
    auto& old = open(1);
    look();
    silence(60s);
    old.send();
    for (int i = 0; i < 4; ++i) {
        silence(1s);
        old.send_again();
    }
    open(2, 8);
    silence(2s);
    old.send_again();
    silence(2s);
    over(1);
    const auto told = onlooker_.take();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().what.what.result, outcome::voided);
}

TEST_F(a_host, counts_a_silence_that_began_before_it_was_looked_at_for_no_longer_than_it_was_seen)
{
    auto& old = open(1);
    now_ += 100s;
    old.wait(100s);
    look();
    silence(10s);
    old.send();
    old.be_acknowledged();
    silence(1s);
    const auto told = onlooker_.take();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told.front().whose.begun_before);
    const auto& what = told.front().what.what;
    EXPECT_LE(what.age - what.age_error, 10s);
    EXPECT_GE(what.age + what.age_error, 109s);
}

TEST_F(a_host, follows_no_connection_that_stays_within_it)
{
    sample within;
    within.cookie = 1;
    within.remote = {.address = {127, 0, 0, 1}, .port = 80};
    onlooker_.look(std::array{within}, 1s);
    EXPECT_EQ(onlooker_.followed(), 0U);
}

TEST_F(a_host, follows_a_bounded_number_of_connections)
{
    onlooker few{{.of_each = {}, .open_max = 10}};
    std::vector<sample> many;
    for (std::uint64_t cookie = 1; cookie <= 25; ++cookie)
        many.push_back(kernel_socket{cookie}.look());
    few.look(many, 0s);
    EXPECT_EQ(few.followed(), 10U);
    EXPECT_EQ(few.left_out(), 15U);
}

TEST_F(a_host, forgets_connections_that_are_gone_though_nobody_tells_how_they_ended)
{
    open(1);
    look();
    all_.clear();
    for (nanoseconds at = 1s; at < 12min; at += 1s)
        onlooker_.look({}, at);
    EXPECT_EQ(onlooker_.followed(), 0U);
    EXPECT_EQ(onlooker_.take_gone().size(), 1U);
}

namespace {

ended_silence lasting(nanoseconds age, outcome result)
{
    ended_silence made;
    made.what.age = age;
    made.what.result = result;
    return made;
}

}  // namespace

TEST(a_summary, says_how_long_silences_lived_and_from_where_on_they_died)
{
    summary all;
    EXPECT_EQ(all.sentence(), "no silence has ended yet");
    for (int i = 0; i < 30; ++i)
        all.add(lasting(10s * i, outcome::delivered));
    all.add(lasting(14min + 2s, outcome::delivered));
    for (int i = 0; i < 4; ++i)
        all.add(lasting(15min + 9s + 1min * i, outcome::lost));
    all.has({});
    EXPECT_EQ(
        all.sentence(),
        "silences up to 14 min 2 s lived (31), from 15 min 9 s died (4 of 4): the path forgets "
        "after 14 min 2 s to 15 min 9 s; the program has no keepalive");
}

TEST(a_summary, does_not_name_a_timeout_that_its_own_silences_contradict)
{
    summary all;
    all.add(lasting(60s, outcome::lost));
    all.add(lasting(90s, outcome::delivered));
    EXPECT_EQ(all.sentence(),
              "silences up to 90 s lived (1), from 60 s died (1 of 2): no "
              "single timeout explains both");
}

TEST(a_summary, tells_who_closed_and_what_proves_nothing_apart)
{
    summary all;
    auto closed = lasting(75s, outcome::voided);
    closed.closed_by_other = true;
    all.add(closed);
    all.add(lasting(10s, outcome::voided));
    all.has({true, 45s});
    EXPECT_EQ(all.sentence(),
              "the other end closed 1 after 75 s or more; 1 prove nothing; the "
              "program's keepalive comes after 45 s");
}

}  // namespace deadair::sockets
