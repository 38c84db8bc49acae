#include "analysis/sockets/history.hpp"

#include "tests/unit/analysis/sockets/watched_connection.hpp"

namespace deadair::sockets {

TEST_F(a_connection_of_this_host, whose_data_is_acknowledged_lived_that_long_to_the_millisecond)
{
    hello();
    silence(30300ms);
    socket_.wait(400ms);
    socket_.send();
    socket_.be_acknowledged();
    silence(1s);
    const auto seen = only_one().what;
    EXPECT_EQ(seen.result, outcome::delivered);
    EXPECT_EQ(seen.way, direction::to_server);
    EXPECT_EQ(seen.age, 30700ms);
    EXPECT_LE(seen.age_error, 30ms);
    EXPECT_EQ(seen.round_trip, 20ms);
}

TEST_F(a_connection_of_this_host, that_hears_the_other_end_lived_that_long)
{
    hello();
    silence(45s);
    socket_.wait(250ms);
    socket_.receive();
    silence(1s);
    const auto seen = only_one().what;
    EXPECT_EQ(seen.result, outcome::delivered);
    EXPECT_EQ(seen.way, direction::to_client);
    EXPECT_EQ(seen.age, 45250ms);
}

TEST_F(a_connection_of_this_host, that_asks_and_hears_much_between_two_looks_lived_within_a_second)
{
    hello();
    silence(30s);
    socket_.wait(400ms);
    socket_.send();
    socket_.be_acknowledged();
    socket_.receive(5);
    silence(1s);
    const auto seen = only_one().what;
    EXPECT_EQ(seen.result, outcome::delivered);
    EXPECT_EQ(seen.way, direction::to_server);
    EXPECT_LE(seen.age - seen.age_error, 30400ms);
    EXPECT_GE(seen.age + seen.age_error, 30400ms);
    EXPECT_LE(seen.age_error, 600ms);
}

TEST_F(a_connection_of_this_host, whose_data_is_sent_again_in_vain_while_others_are_heard_was_dead)
{
    hello();
    silence(60s);
    socket_.wait(100ms);
    socket_.send();
    silence(900ms);
    elsewhere_heard_ = socket_.now();
    send_again_and_again(5);
    EXPECT_TRUE(history_.take().empty()) << "it may be answered yet";
    EXPECT_TRUE(history_.unanswered_since());
    end();
    const auto seen = only_one();
    EXPECT_EQ(seen.what.result, outcome::lost);
    EXPECT_EQ(seen.what.age, 60100ms);
    EXPECT_EQ(seen.what.unanswered, 6U);
    EXPECT_FALSE(seen.by_program);
    EXPECT_NEAR(to_seconds(*seen.noticed_after), 8.1, 0.1);
}

TEST_F(a_connection_of_this_host, may_have_suffered_an_outage_if_nothing_is_heard_of_the_other_host)
{
    hello();
    silence(60s);
    elsewhere_heard_ = socket_.now();  // before it spoke
    socket_.wait(100ms);
    socket_.send();
    send_again_and_again(5);
    end();
    const auto seen = only_one().what;
    EXPECT_EQ(seen.result, outcome::voided);
    EXPECT_NE(seen.doubt.find("outage"), std::string::npos);
}

TEST_F(a_connection_of_this_host, that_was_heard_elsewhere_only_after_its_last_words_proves_nothing)
{
    hello();
    silence(60s);
    socket_.send();
    send_again_and_again(5);
    elsewhere_heard_ = socket_.now();
    silence(5s);
    end();
    EXPECT_EQ(only_one().what.result, outcome::voided)
        << "the outage was over before nothing was sent";
}

TEST_F(a_connection_of_this_host, that_loses_two_packets_lives)
{
    hello();
    silence(60s);
    socket_.send();
    silence(200ms);
    socket_.send_again();
    silence(400ms);
    socket_.send_again();
    socket_.be_acknowledged();
    silence(1s);
    const auto seen = only_one().what;
    EXPECT_EQ(seen.result, outcome::delivered);
    EXPECT_EQ(seen.retransmissions, 2U);
}

TEST_F(a_connection_of_this_host, that_an_outage_of_20_s_held_up_lives)
{
    hello();
    silence(60s);
    socket_.send();
    send_again_and_again(6);
    socket_.send_again();
    socket_.be_acknowledged();
    silence(1s);
    EXPECT_EQ(only_one().what.result, outcome::delivered);
}

TEST_F(a_connection_of_this_host, that_the_other_end_revived_is_late)
{
    hello();
    silence(60s);
    socket_.send();
    send_again_and_again(4);
    socket_.receive();
    silence(1s);
    socket_.send_again();
    socket_.be_acknowledged();
    silence(1s);
    EXPECT_EQ(only_one().what.result, outcome::late);
}

TEST_F(a_connection_of_this_host, that_is_busy_has_no_silences_but_stalls)
{
    hello();
    for (int i = 0; i < 20; ++i) {
        socket_.wait(300ms);
        socket_.send();
        socket_.be_acknowledged();
        look();
    }
    EXPECT_TRUE(history_.take().empty());
    socket_.wait(300ms);
    socket_.send();
    send_again_and_again(5);
    socket_.be_acknowledged();
    look();
    EXPECT_TRUE(only_one().stall);
}

TEST_F(a_connection_of_this_host, that_is_looked_at_late_says_so_in_the_error)
{
    hello();
    silence(30s);
    socket_.wait(10s);
    socket_.send(3);
    socket_.be_acknowledged();
    socket_.wait(7s);
    look();
    const auto seen = only_one().what;
    EXPECT_LE(seen.age - seen.age_error, 40s);
    EXPECT_GE(seen.age + seen.age_error, 40s);
}

TEST(a_connection_that_this_host_serves, is_spoken_to_by_its_client)
{
    kernel_socket socket;
    history served{socket.look(), {}, true};
    socket.wait(20s);
    served.on(socket.look(), {});
    socket.wait(100ms);
    socket.receive();
    served.on(socket.look(), {});
    const auto all = served.take();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().what.way, direction::to_server);
}

}  // namespace deadair::sockets
