#include "analysis/estimate/common_beat.hpp"

#include <gtest/gtest.h>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

observation ended(std::uint32_t connection, nanoseconds age, nanoseconds at)
{
    observation one;
    one.connection_id = connection;
    one.idle_age = age;
    one.sent_at = at;
    one.result = outcome::closed;
    one.unprompted = true;
    return one;
}

TEST(common_beat, is_no_chance_where_ages_differ_and_moments_do_not)
{
    std::vector<observation> seen;
    for (unsigned i = 0; i < 10; ++i)
        seen.push_back(ended(i, 77s + i * 83ms, 100s + i / 2 * 1s));
    EXPECT_LT(log_of_common_beat(seen), -15);
}

TEST(common_beat, is_nothing_where_ends_come_at_any_moment)
{
    std::vector<observation> seen;
    for (unsigned i = 0; i < 10; ++i)
        seen.push_back(ended(i, 77s + i * 83ms, 100s + i * 730ms));
    EXPECT_GT(log_of_common_beat(seen), -3);
}

// Two are opened a second, and each ends some hundredths of a second late.
TEST(common_beat, is_nothing_where_silences_began_on_it)
{
    std::vector<observation> seen;
    for (unsigned i = 0; i < 40; ++i)
        seen.push_back(ended(i, 75s + i % 5 * 40ms, 80s + i * 1s + i % 5 * 40ms));
    EXPECT_EQ(log_of_common_beat(seen), 0);
}

TEST(common_beat, is_nothing_where_all_are_of_one_age)
{
    std::vector<observation> seen;
    for (unsigned i = 0; i < 40; ++i)
        seen.push_back(ended(i, 75s + i % 5 * 10ms, 80s + i * 1s));
    EXPECT_EQ(log_of_common_beat(seen), 0);
}

}  // namespace
}  // namespace deadair::estimate
