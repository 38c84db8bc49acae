#include "prober/dialogue/redis.hpp"

#include <gtest/gtest.h>

namespace deadair::dialogue {
namespace {

wire::bytes raw(std::string_view text)
{
    return std::as_bytes(std::span{text});
}

std::string text_of(const wire::buffer& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class redis_test : public ::testing::Test {
protected:
    words said{.host = "a.example", .target = "/", .agent = "deadair/1"};
    redis talk{said, {}};
};

TEST_F(redis_test, the_question_is_ping_and_the_first_pong_lets_us_in)
{
    EXPECT_EQ(text_of(talk.greet()), "*1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(talk.take(raw("+PON")).is, meaning::more);
    EXPECT_EQ(talk.take(raw("+PONG\r\n")).is, meaning::ready);
    talk.ask();
    const auto heard = talk.take(raw("+PONG\r\n+more"));
    EXPECT_EQ(heard.is, meaning::answered);
    EXPECT_EQ(heard.consumed, 7);
    EXPECT_EQ(talk.take(raw("+PONG\r\n")).is, meaning::unasked);
}

TEST_F(redis_test, a_login_comes_first)
{
    said.user = "me";
    said.password = "secret";
    EXPECT_EQ(text_of(talk.greet()),
              "*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$6\r\nsecret\r\n*1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(talk.take(raw("+OK\r\n")).is, meaning::unasked);
    EXPECT_EQ(talk.take(raw("+PONG\r\n")).is, meaning::ready);
}

TEST_F(redis_test, a_password_without_a_user_is_the_servers_own)
{
    said.password = "secret";
    EXPECT_TRUE(text_of(talk.greet()).starts_with("*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n"));
}

TEST_F(redis_test, errors_are_refused_with_the_way_out)
{
    const std::pair<std::string_view, std::string_view> cases[]{
        {"-NOAUTH Authentication required.\r\n", "--login-file"},
        {"-WRONGPASS invalid username-password pair\r\n", "--login-file"},
        {"-ERR max number of clients reached\r\n", "no more clients"},
        {"-DENIED Redis is running in protected mode\r\n", "DENIED"},
        {"HTTP/1.1 400 Bad Request\r\n", "does not speak Redis"}};
    for (const auto& [answer, words_of] : cases) {
        redis fresh_talk{said, {}};
        fresh_talk.greet();
        const auto heard = fresh_talk.take(raw(answer));
        EXPECT_EQ(heard.is, meaning::refused) << answer;
        EXPECT_NE(heard.why.find(words_of), std::string::npos) << heard.why;
    }
    EXPECT_EQ(talk.take(raw("+" + std::string(5000, 'x'))).is, meaning::refused);
}

const fresh listener{.is = role::spoken_to, .number = 7, .stay = "ab12"};
const fresh speaker{.is = role::lets_speak, .number = 0, .stay = "ab12"};

TEST_F(redis_test, who_is_spoken_to_subscribes_to_a_channel_of_its_own)
{
    said.password = "secret";
    redis hears{said, listener};
    EXPECT_EQ(text_of(hears.greet()),
              "*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n"
              "*2\r\n$9\r\nSUBSCRIBE\r\n$14\r\ndeadair/ab12/7\r\n");
    EXPECT_EQ(hears.take(raw("+OK\r\n")).is, meaning::unasked);
    const std::string_view subscribed = "*3\r\n$9\r\nsubscribe\r\n$14\r\ndeadair/ab12/7\r\n:1\r\n";
    for (std::size_t cut = 1; cut < subscribed.size(); ++cut)
        ASSERT_EQ(hears.take(raw(subscribed.substr(0, cut))).is, meaning::more) << cut;
    const auto in = hears.take(raw(subscribed));
    EXPECT_EQ(in.is, meaning::ready);
    EXPECT_EQ(in.consumed, subscribed.size());
    const auto heard =
        hears.take(raw("*3\r\n$7\r\nmessage\r\n$14\r\ndeadair/ab12/7\r\n$2\r\n42\r\n"));
    EXPECT_EQ(heard.is, meaning::spoken);
    EXPECT_EQ(heard.number, 42);
    hears.ask();
    EXPECT_EQ(hears.take(raw("*2\r\n$4\r\npong\r\n$0\r\n\r\n")).is, meaning::answered);
}

TEST_F(redis_test, who_lets_it_speak_publishes_and_hears_whether_anybody_was_there)
{
    redis tells{said, speaker};
    EXPECT_EQ(text_of(tells.greet()), "*1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(tells.take(raw("+PONG\r\n")).is, meaning::ready);
    EXPECT_EQ(text_of(tells.let_speak(7, 42)),
              "*3\r\n$7\r\nPUBLISH\r\n$14\r\ndeadair/ab12/7\r\n$2\r\n42\r\n");
    tells.let_speak(8, 43);
    tells.ask();
    const auto said_on_7 = tells.take(raw(":1\r\n"));
    EXPECT_EQ(said_on_7.is, meaning::told);
    EXPECT_EQ(said_on_7.number, 42);
    const auto nobody_on_8 = tells.take(raw(":0\r\n"));
    EXPECT_EQ(nobody_on_8.is, meaning::untold);
    EXPECT_EQ(nobody_on_8.number, 43);
    EXPECT_EQ(tells.take(raw("+PONG\r\n")).is, meaning::answered);
    EXPECT_EQ(tells.take(raw(":1\r\n")).is, meaning::unasked);
}

TEST_F(redis_test, a_login_that_may_not_publish_is_refused_with_the_way_out)
{
    redis hears{said, listener};
    hears.greet();
    const auto heard = hears.take(raw("-NOPERM this user has no permissions to access\r\n"));
    EXPECT_EQ(heard.is, meaning::refused);
    EXPECT_NE(heard.why.find("--direction to_server"), std::string::npos) << heard.why;
}

TEST_F(redis_test, what_is_no_reply_of_redis_is_refused)
{
    for (const std::string_view nonsense :
         {"*9\r\n", "*x\r\n", "*1\r\n+OK\r\n", "*1\r\n$5000\r\n", "*1\r\n$2\r\nabc\r\n", "*-1\r\n",
          "$3\r\nabc\r\n", "*99999999999999999999\r\n"}) {
        redis fresh_talk{said, listener};
        EXPECT_EQ(fresh_talk.take(raw(nonsense)).is, meaning::refused) << nonsense;
    }
}

}  // namespace
}  // namespace deadair::dialogue
