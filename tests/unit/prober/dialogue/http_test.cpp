#include "prober/dialogue/http.hpp"

#include <gtest/gtest.h>

#include "prober/dialogue/answer_head.hpp"

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

class http_test : public ::testing::Test {
protected:
    words said{.host = "a.example",
               .target = "/path?q",
               .agent = "deadair/1 (measures idle timeouts)",
               .headers = {"X-Key: value"},
               .user = {},
               .password = {}};
    http talk{said};
};

TEST_F(http_test, the_question_is_a_head_that_says_who_asks)
{
    EXPECT_EQ(text_of(talk.greet()),
              "HEAD /path?q HTTP/1.1\r\nHost: a.example\r\n"
              "User-Agent: deadair/1 (measures idle timeouts)\r\nAccept: */*\r\n"
              "X-Key: value\r\n\r\n");
}

TEST_F(http_test, a_login_is_a_basic_authorization)
{
    said.user = "Aladdin";
    said.password = "open sesame";
    EXPECT_NE(text_of(talk.ask()).find("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"),
              std::string::npos);
}

TEST_F(http_test, the_first_answer_lets_us_in_and_the_next_answers)
{
    talk.greet();
    const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n";
    for (std::size_t cut = 1; cut < answer.size(); ++cut)
        ASSERT_EQ(talk.take(raw(answer.substr(0, cut))).is, meaning::more) << cut;
    const auto first = talk.take(raw(answer));
    EXPECT_EQ(first.is, meaning::ready);
    EXPECT_EQ(first.consumed, answer.size());  // HEAD has no body
    talk.ask();
    const auto next = talk.take(raw(answer));
    EXPECT_EQ(next.is, meaning::answered);
    EXPECT_FALSE(next.last);
    EXPECT_EQ(talk.take(raw(answer)).is, meaning::unasked);
}

TEST_F(http_test, any_status_is_an_answer_but_those_that_want_something_of_us)
{
    for (const auto* status : {"200 OK", "204 No Content", "404 Not Found",
                               "405 Method Not Allowed", "500 Internal Server Error"}) {
        http fresh_talk{said};
        fresh_talk.greet();
        const auto answer = std::string{"HTTP/1.1 "} + status + "\r\n\r\n";
        EXPECT_EQ(fresh_talk.take(raw(answer)).is, meaning::ready) << status;
    }
}

TEST_F(http_test, a_server_that_wants_a_login_a_pause_or_another_url_is_refused_with_the_way_out)
{
    const std::pair<std::string, std::string> cases[]{
        {"401 Unauthorized\r\n", "--login-file"},
        {"403 Forbidden\r\n", "--header-file"},
        {"429 Too Many Requests\r\n", "left alone"},
        {"503 Service Unavailable\r\n", "left alone"},
        {"301 Moved\r\nLocation: https://b.example/secret\r\n", "to https://b.example)"},
        {"302 Found\r\nLocation: /login\r\n", "elsewhere (302)"},
        {"200 OK\r\nConnection: Close\r\n", "keep-alive"}};
    for (const auto& [head, way_out] : cases) {
        http fresh_talk{said};
        fresh_talk.greet();
        const auto heard = fresh_talk.take(raw("HTTP/1.1 " + head + "\r\n"));
        EXPECT_EQ(heard.is, meaning::refused) << head;
        EXPECT_NE(heard.why.find(way_out), std::string::npos) << heard.why;
        EXPECT_EQ(heard.why.find("secret"), std::string::npos) << heard.why;
    }
}

TEST_F(http_test, an_answer_that_is_the_last_says_so)
{
    talk.greet();
    talk.take(raw("HTTP/1.1 200 OK\r\n\r\n"));
    talk.ask();
    const auto heard = talk.take(raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
    EXPECT_EQ(heard.is, meaning::answered);
    EXPECT_TRUE(heard.last);
}

TEST_F(http_test, a_request_timeout_that_nobody_asked_for_is_the_servers_close)
{
    talk.greet();
    talk.take(raw("HTTP/1.1 200 OK\r\n\r\n"));
    const auto heard = talk.take(raw("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"));
    EXPECT_EQ(heard.is, meaning::leaving);
    EXPECT_EQ(heard.why, "HTTP 408");
}

TEST_F(http_test, interim_answers_are_passed_over)
{
    talk.greet();
    const std::string_view answer =
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
    const auto heard = talk.take(raw(answer));
    EXPECT_EQ(heard.is, meaning::ready);
    EXPECT_EQ(heard.consumed, answer.size());
}

/// A question with a body, whose answers have bodies as well.
class http_body_test : public http_test {
protected:
    http_body_test()
    {
        said.body = R"({"a":1})";
        talk.greet();
    }
};

TEST_F(http_body_test, the_question_is_a_post_of_the_body)
{
    const auto question = text_of(talk.ask());
    EXPECT_TRUE(question.starts_with("POST /path?q HTTP/1.1\r\n"));
    EXPECT_TRUE(question.ends_with("Content-Length: 7\r\n\r\n{\"a\":1}")) << question;
}

TEST_F(http_body_test, an_answer_counts_once_its_body_is_whole_in_whatever_pieces_it_comes)
{
    for (const std::string answer :
         {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\nA\r\n0123456789\r\n"
          "0\r\nTrailer: x\r\n\r\n",
          "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
        for (std::size_t cut = 1; cut < answer.size(); ++cut) {
            http fresh_talk{said};
            fresh_talk.greet();
            const auto first = fresh_talk.take(raw(answer).first(cut));
            ASSERT_EQ(first.is, meaning::more) << answer << cut;
            auto rest = raw(answer).subspan(first.consumed);
            const auto then = fresh_talk.take(rest);
            ASSERT_EQ(then.is, meaning::ready) << answer << cut;
            ASSERT_EQ(then.consumed, rest.size());
        }
    }
}

TEST_F(http_body_test, a_body_without_an_end_is_the_last)
{
    const auto heard = talk.take(raw("HTTP/1.1 200 OK\r\n\r\nand so on"));
    EXPECT_EQ(heard.is, meaning::refused);
    EXPECT_NE(heard.why.find("keep-alive"), std::string::npos);
}

TEST_F(http_body_test, a_body_that_cannot_be_is_refused)
{
    for (const auto* head : {"Content-Length: x\r\n\r\n", "Content-Length: 5x\r\n\r\n12345",
                             "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
                             "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n"}) {
        http fresh_talk{said};
        fresh_talk.greet();
        const auto answer = std::string{"HTTP/1.1 200 OK\r\n"} + head;
        EXPECT_EQ(fresh_talk.take(raw(answer)).is, meaning::refused) << head;
    }
}

TEST_F(http_test, what_is_to_be_answered_later_says_so_in_the_unit_of_its_url)
{
    using namespace std::chrono_literals;
    talk.greet();
    talk.take(raw("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"));
    said.delayed = "/delay/%7Bseconds%7D?x";
    EXPECT_TRUE(text_of(talk.ask_for_later(90s)).starts_with("GET /delay/90?x HTTP/1.1\r\nHost: "));
    EXPECT_EQ(talk.take(raw("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok")).is, meaning::more);
    EXPECT_EQ(talk.take(raw("\n")).is, meaning::answered);
    said.delayed = "/%7Bmilliseconds%7D";
    EXPECT_TRUE(text_of(talk.ask_for_later(1500ms)).starts_with("GET /1500 HTTP/1.1\r\n"));
}

TEST_F(http_test, what_is_no_http_1_1_is_refused)
{
    using namespace std::string_view_literals;
    for (const auto nonsense :
         {"SSH-2.0-OpenSSH_9.2\r\n"sv, "\0\0\x12\x04"sv, "HTTP/2 200\r\n\r\n"sv,
          "HTTP/1.1 abc\r\n\r\n"sv, "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"sv}) {
        http fresh_talk{said};
        fresh_talk.greet();
        EXPECT_EQ(fresh_talk.take(raw(nonsense)).is, meaning::refused) << nonsense;
    }
    const std::string endless = "HTTP/1.1 200 OK\r\n" + std::string(answer_head_max, 'x');
    EXPECT_EQ(talk.take(raw(endless)).is, meaning::refused);
}

TEST_F(http_test, http_1_0_lasts_only_if_it_says_so)
{
    EXPECT_FALSE(read_answer_head(raw("HTTP/1.0 200 OK\r\n\r\n")).head.lasting);
    EXPECT_TRUE(
        read_answer_head(raw("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n")).head.lasting);
    EXPECT_FALSE(read_answer_head(raw("HTTP/1.1 200 OK\r\nConnection: upgrade, close\r\n\r\n"))
                     .head.lasting);
}

}  // namespace
}  // namespace deadair::dialogue
