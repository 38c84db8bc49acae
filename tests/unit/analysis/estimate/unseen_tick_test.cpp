// A middlebox that looks only every so often, and a run that saw all die at one of its looks.
#include "analysis/estimate/unseen_tick.hpp"

#include <gtest/gtest.h>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

observation at(nanoseconds when, nanoseconds age, outcome result, std::uint32_t connection)
{
    observation one;
    one.connection_id = connection;
    one.sent_at = when;
    one.idle_age = age;
    one.idle_age_error = 1ms;
    one.result = result;
    one.unanswered = result == outcome::lost ? 5 : 0;
    return one;
}

// Asked a little below and a little above 13 s at each of these moments.
std::vector<observation> asked_at(const std::vector<nanoseconds>& moments)
{
    std::vector<observation> seen;
    std::uint32_t connection = 0;
    for (const auto when : moments)
        for (int i = 0; i < 2; ++i) {
            seen.push_back(at(when, 12900ms, outcome::delivered, ++connection));
            seen.push_back(at(when, 13050ms, outcome::lost, ++connection));
        }
    return seen;
}

nanoseconds low_of(const std::vector<observation>& seen)
{
    return low_if_it_ticks(seen, bracket(seen, 0.01));
}

TEST(unseen_tick, reaches_to_what_the_tick_allows_where_all_died_at_one_moment)
{
    // A sweep of 5 s of what was silent for 10 s, seen 3 s after its look.
    EXPECT_LE(low_of(asked_at({16s})), 10s);
}

TEST(unseen_tick, is_excluded_by_deaths_at_several_moments)
{
    EXPECT_EQ(low_of(asked_at({16s, 16700ms, 17900ms, 18300ms, 19600ms})), 12899ms);
}

TEST(unseen_tick, is_excluded_by_ends_that_came_each_at_its_moment)
{
    std::vector<observation> seen;
    for (std::uint32_t i = 1; i <= 8; ++i) {
        seen.push_back(at(8s + i * 410ms, 8003ms, outcome::closed, i));
        seen.back().unprompted = true;
    }
    const auto around = bracket(seen, 0.01);
    EXPECT_EQ(low_if_it_ticks(seen, around), around.survived);
}

}  // namespace
}  // namespace deadair::estimate
