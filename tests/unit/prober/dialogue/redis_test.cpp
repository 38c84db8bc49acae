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
    words said{.host = "a.example",
               .target = "/",
               .agent = "deadair/1",
               .headers = {},
               .user = {},
               .password = {}};
    redis talk{said};
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
        redis fresh_talk{said};
        fresh_talk.greet();
        const auto heard = fresh_talk.take(raw(answer));
        EXPECT_EQ(heard.is, meaning::refused) << answer;
        EXPECT_NE(heard.why.find(words_of), std::string::npos) << heard.why;
    }
    EXPECT_EQ(talk.take(raw("+" + std::string(5000, 'x'))).is, meaning::refused);
}

}  // namespace
}  // namespace deadair::dialogue
