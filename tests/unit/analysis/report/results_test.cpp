#include "analysis/report/results.hpp"

#include <gtest/gtest.h>

#include "analysis/report/json.hpp"
#include "analysis/report/table.hpp"

namespace deadair::report {
namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

finding a_timeout()
{
    finding found;
    found.where.on = {.server_port = 7443, .kind = transport::wss};
    found.kind = finding_kind::timeout;
    found.idle_timeout = 20s;
    found.low = 19'900ms;
    found.high = 20'100ms;
    found.confidence = 0.9999;
    found.after_expiry = estimate::expiry::silent;
    return found;
}

TEST(results, answer_in_one_sentence)
{
    const std::vector found{a_timeout()};
    EXPECT_EQ(answer(found),
              "A silent connection is forgotten after 20 s (19.9 s to 20.1 s); it dies silently: "
              "neither end is told. Shortest: wss to_client.");
}

TEST(results, say_when_nothing_expired_and_when_nothing_is_known)
{
    auto survived = a_timeout();
    survived.kind = finding_kind::none;
    survived.idle_timeout.reset();
    survived.high.reset();
    survived.low = 2h;
    const std::vector found{survived};
    EXPECT_EQ(answer(found), "Nothing expired: every connection survived at least 2 h of silence.");
    auto half = found;
    half[0].where.way = direction::to_server;
    EXPECT_EQ(answer(half),
              "What the client says first arrives after at least 2 h of silence; whether what the "
              "server says first does was not measured.");
    EXPECT_EQ(answer({}),
              "No answer yet: too little was measured. Measure longer, or with more connections.");
}

TEST(results, say_what_no_longer_run_would_tell)
{
    auto at_random = a_timeout();
    at_random.kind = finding_kind::spread;
    at_random.idle_timeout.reset();
    at_random.low.reset();
    at_random.why = estimate::explanation::random;
    at_random.note = "connections end at random, on average after 56.7 s";
    EXPECT_EQ(answer(std::vector{at_random}),
              "Connections end at random, on average after 56.7 s.");
}

TEST(results, print_the_tables_names_as_json)
{
    auto found = a_timeout();
    found.idle_timeout.reset();
    found.after_expiry.reset();
    const std::vector all{found};
    const auto text = findings_json(3, all);
    EXPECT_NE(text.find(R"("run_id": 3, "transport": "wss", "direction": "to_client")"),
              std::string::npos);
    EXPECT_NE(text.find(R"("idle_timeout_s": null, "low_s": 19.9, "high_s": 20.1)"),
              std::string::npos);
    EXPECT_NE(text.find(R"("after_expiry": null)"), std::string::npos);
    EXPECT_EQ(findings_json(3, {}), "[]\n");
}

TEST(json, escapes_what_json_does_not_allow)
{
    EXPECT_EQ(json_string("a\"b\\c\nd"), R"("a\"b\\c\u000ad")");
    EXPECT_EQ(json_object{}.field("x", std::numeric_limits<double>::infinity()).text(),
              R"({"x": null})");
}

TEST(table, wraps_its_last_column_at_words)
{
    EXPECT_EQ(table({"a", "why"}, {{"1", "some words that do not fit here"}}, 27),
              "a  why\n"
              "1  some words that do not\n"
              "   fit here\n");
}

}  // namespace
}  // namespace deadair::report
