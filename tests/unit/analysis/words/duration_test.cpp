#include "analysis/words/duration.hpp"

#include <gtest/gtest.h>

namespace deadair {
namespace {

using namespace std::chrono_literals;

TEST(duration, is_read_as_people_write_it)
{
    EXPECT_EQ(parse_duration("90s"), 90s);
    EXPECT_EQ(parse_duration("15m"), 15min);
    EXPECT_EQ(parse_duration("2h"), 2h);
    EXPECT_EQ(parse_duration("1d"), 24h);
    EXPECT_EQ(parse_duration("1500ms"), 1500ms);
    EXPECT_EQ(parse_duration("1h30m"), 90min);
    EXPECT_EQ(parse_duration("0.5s"), 500ms);
    EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(duration, is_refused_when_it_could_mean_two_things_or_none)
{
    for (const auto* wrong : {"", "90", "s", "-5s", "5 s", "5x", "1e3s", "nan", "inf", "5s,",
                              "1h30", "99999999999d", "0x10s"})
        EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
}

TEST(duration, is_written_for_people)
{
    EXPECT_EQ(format_duration(350ms), "350 ms");
    EXPECT_EQ(format_duration(19'980ms), "19.98 s");
    EXPECT_EQ(format_duration(15min), "15 min");
    EXPECT_EQ(format_duration(7440s), "2 h 4 min");
    EXPECT_EQ(format_duration(24h), "1 d");
    EXPECT_EQ(format_duration(0s), "0 s");
    EXPECT_EQ(format_duration(-3s), "-3 s");
}

TEST(duration, that_rounds_up_to_the_next_unit_says_so)
{
    EXPECT_EQ(format_duration(3599'900ms), "1 h");
    EXPECT_EQ(format_duration(2h - 1s), "2 h");
}

TEST(duration, survives_the_way_through_stored_seconds)
{
    EXPECT_EQ(from_seconds(to_seconds(1'234'567'891ns)), 1'234'567'891ns);
}

}  // namespace
}  // namespace deadair
