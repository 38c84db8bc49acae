#include "tests/unit/analysis/sockets/watched_connection.hpp"

namespace deadair::sockets {

TEST_F(a_connection_of_this_host, whose_program_gives_up_first_says_after_how_long)
{
    hello();
    silence(60s);
    socket_.send();
    silence(900ms);
    elsewhere_heard_ = socket_.now();
    send_again_and_again(4);
    socket_.close();
    silence(1s);
    end();
    const auto seen = only_one();
    EXPECT_EQ(seen.what.result, outcome::lost);
    EXPECT_TRUE(seen.by_program);
    EXPECT_NEAR(to_seconds(*seen.noticed_after), 5.9, 1.1);
}

TEST_F(a_connection_of_this_host, whose_words_are_answered_with_a_reset_was_dead)
{
    hello();
    silence(60s);
    socket_.wait(500ms);
    socket_.send();
    socket_.wait(20ms);
    socket_.be_reset();
    end();
    const auto seen = only_one().what;
    EXPECT_EQ(seen.result, outcome::reset);
    EXPECT_EQ(seen.age, 60500ms);
}

TEST_F(a_connection_of_this_host, that_is_reset_unasked_proves_nothing)
{
    hello();
    silence(60s);
    socket_.wait(500ms);
    socket_.be_reset();
    end();
    const auto seen = only_one();
    EXPECT_EQ(seen.what.result, outcome::voided);
    EXPECT_TRUE(seen.what.unprompted);
    EXPECT_TRUE(seen.closed_by_other);
}

TEST_F(a_connection_of_this_host, that_the_other_end_closes_proves_nothing_and_says_when)
{
    hello();
    silence(75s);
    socket_.be_closed();
    silence(1s);
    const auto seen = only_one();
    EXPECT_TRUE(seen.closed_by_other);
    EXPECT_EQ(seen.what.result, outcome::voided);
    EXPECT_NEAR(to_seconds(seen.what.age), 75, 1);
}

TEST_F(a_connection_of_this_host, whose_close_is_acknowledged_lived_that_long)
{
    hello();
    silence(30s);
    socket_.close();
    silence(100ms);
    EXPECT_TRUE(history_.take().empty());
    for (int i = 0; i < 6; ++i) {
        socket_.send_fin_again();
        silence(1s);
        elsewhere_heard_ = socket_.now();
    }
    end();
    EXPECT_EQ(only_one().what.result, outcome::lost) << "and if not, it was dead";
}

TEST_F(a_connection_of_this_host, whose_keepalive_is_answered_lived_until_it_was_sent)
{
    hello();
    silence(30s);
    socket_.wait(300ms);
    socket_.ask_keepalive();
    socket_.be_acknowledged();
    silence(1s);
    const auto seen = only_one().what;
    EXPECT_TRUE(seen.keepalive);
    EXPECT_EQ(seen.result, outcome::delivered);
    EXPECT_EQ(seen.way, direction::to_server);
    EXPECT_EQ(seen.age, 30300ms);
}

TEST_F(a_connection_of_this_host, whose_keepalives_nobody_answers_was_dead_by_the_first)
{
    hello();
    silence(30s);
    for (int i = 0; i < 5; ++i) {
        socket_.ask_keepalive();
        silence(2s);
        elsewhere_heard_ = socket_.now();
    }
    end();
    const auto seen = only_one().what;
    EXPECT_EQ(seen.result, outcome::lost);
    EXPECT_TRUE(seen.keepalive);
    EXPECT_NEAR(to_seconds(seen.age), 30, 1);
    EXPECT_EQ(seen.unanswered, 5U);
}

TEST_F(a_connection_of_this_host, that_answers_the_other_ends_keepalive_begins_its_silence_anew)
{
    hello();
    silence(30s);
    socket_.wait(500ms);
    socket_.answer_keepalive();
    silence(40s);
    socket_.receive();
    silence(1s);
    const auto all = history_.take();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].what.way, direction::to_client);
    EXPECT_NEAR(to_seconds(all[0].what.age), 30.5, 0.6);
    EXPECT_NEAR(to_seconds(all[1].what.age), 40, 1);
    EXPECT_GE(all[1].what.age + all[1].what.age_error, 40s);
    EXPECT_LE(all[1].what.age - all[1].what.age_error, 40s);
}

TEST_F(a_connection_of_this_host, whose_host_slept_proves_nothing_of_that_silence)
{
    hello();
    silence(30s);
    history_.slept();
    silence(30s);
    socket_.send();
    socket_.be_acknowledged();
    silence(20s);
    socket_.send();
    socket_.be_acknowledged();
    silence(1s);
    const auto all = history_.take();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].what.result, outcome::voided);
    EXPECT_EQ(all[1].what.result, outcome::delivered);
}

TEST_F(a_connection_of_this_host, is_read_late_by_a_busy_reader_and_not_misjudged)
{
    hello();
    silence(60s);
    socket_.wait(500ms);
    socket_.send();
    socket_.be_reset();
    auto last = socket_.look();
    for (auto* each : {&last.at, &last.sent, &last.received, &last.acknowledged})
        *each += 300ms;  // the notice lay there for so long
    history_.end(last, last.at, std::nullopt);
    const auto seen = only_one().what;
    EXPECT_EQ(seen.result, outcome::reset);
    EXPECT_EQ(seen.age, 60500ms);
}

}  // namespace deadair::sockets
