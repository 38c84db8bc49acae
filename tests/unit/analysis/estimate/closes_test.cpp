#include "analysis/estimate/closes.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/estimate/notes.hpp"

namespace deadair::estimate {
namespace {

notes& closed(notes& seen, nanoseconds age)
{
    seen.add(age, outcome::delivered, to_server);
    seen.all().back().unprompted = true;
    return seen;
}

notes probes_up_to_60_s()
{
    notes seen;
    for (const auto age : {5s, 10s, 20s, 40s, 60s})
        seen.add(age, outcome::delivered, to_server);
    return seen;
}

TEST(closes, a_server_that_closes_at_one_age_hides_what_lies_beyond)
{
    auto seen = probes_up_to_60_s();
    for (const auto age : {75'010ms, 75'400ms, 75'900ms})
        closed(seen, age);
    const auto found = seen.findings();
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].kind, finding_kind::none);
    EXPECT_EQ(found[0].why, explanation::server_closes);
    EXPECT_FALSE(found[0].high);
    EXPECT_GT(*found[0].low, 74s);
    EXPECT_EQ(found[0].note,
              "the server closes idle connections after 75 s, as nginx does unless told otherwise "
              "(keepalive_timeout): the path cannot be seen beyond that");
}

TEST(closes, ages_that_do_not_repeat_are_said_as_a_range)
{
    auto seen = probes_up_to_60_s();
    for (const auto age : {20s, 33s, 61s})
        closed(seen, age);
    EXPECT_EQ(seen.findings().at(0).note,
              "the server ended 3 silences by itself, after 20 s to 61 s: the path cannot be seen "
              "beyond that");
}

TEST(closes, a_server_that_only_speaks_is_said_to)
{
    auto seen = probes_up_to_60_s();
    for (const auto age : {97s, 99s}) {
        closed(seen, age);
        seen.all().back().spoken = true;
    }
    EXPECT_EQ(seen.findings().at(0).note,
              "the server, or what ends TCP for it, speaks by itself and leaves no silence longer "
              "than 99 s: the path cannot be seen beyond that");
}

TEST(closes, a_path_that_forgets_earlier_is_still_found)
{
    auto seen = a_sharp_timeout_of_20_s();
    closed(seen, 6s);
    for (auto& each : seen.all())
        each.where = to_server;
    const auto found = seen.findings();
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].kind, finding_kind::timeout);
    EXPECT_NE(found[0].why, explanation::server_closes);
    EXPECT_LE(*found[0].low, 20s);
    EXPECT_GE(*found[0].high, 20s);
}

TEST(closes, an_end_that_is_no_word_of_the_server_is_an_expiry)
{
    auto seen = probes_up_to_60_s();
    for (const auto age : {75'010ms, 75'100ms, 75'200ms, 75'250ms}) {
        seen.add(age, outcome::reset, to_server);
        seen.all().back().unprompted = true;
    }
    EXPECT_EQ(seen.findings().at(0).kind, finding_kind::timeout);
}

TEST(closes, only_what_a_manual_says_is_called_known)
{
    EXPECT_TRUE(known_to_close_after(42s).empty());
    EXPECT_TRUE(known_to_close_after(74s).empty());
    EXPECT_TRUE(known_to_close_after(6s).empty());
    EXPECT_FALSE(known_to_close_after(5'020ms).empty());
}

}  // namespace
}  // namespace deadair::estimate
