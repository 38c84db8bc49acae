#include "analysis/estimate/ages.hpp"

#include <gtest/gtest.h>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

observation asked(std::uint32_t connection, nanoseconds age, outcome result)
{
    observation one;
    one.where.how.by = refresh::data;
    one.where.how.from = refresh_side::both;
    one.connection_id = connection;
    one.idle_age = 1s;
    one.connection_age = age;
    one.result = result;
    one.unanswered = result == outcome::lost ? 4 : 0;
    return one;
}

TEST(ages, are_found_where_several_busy_connections_are_cut_at_one)
{
    const std::vector seen{asked(1, 19s, outcome::delivered), asked(2, 19500ms, outcome::delivered),
                           asked(1, 20500ms, outcome::lost), asked(2, 20600ms, outcome::lost),
                           asked(3, 20700ms, outcome::lost)};
    const auto found = estimate(seen, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, finding_kind::absolute_age);
    EXPECT_EQ(found[0].low, 19500ms);
    EXPECT_GE(found[0].high, 20500ms);
    EXPECT_FALSE(found[0].idle_timeout);
}

TEST(ages, are_not_claimed_where_all_ended_at_one_moment)
{
    // Opened two seconds apart and flushed together: the older were seen alive above most ends.
    const std::vector seen{asked(1, 29s, outcome::delivered), asked(2, 27s, outcome::delivered),
                           asked(3, 25s, outcome::delivered), asked(1, 30s, outcome::lost),
                           asked(2, 28s, outcome::lost),      asked(3, 26s, outcome::lost)};
    for (const auto& each : estimate(seen, {}))
        EXPECT_EQ(each.kind, finding_kind::inconclusive);
}

TEST(ages, reach_no_higher_than_a_connection_whose_first_packet_was_lost_may_have_lived)
{
    std::vector seen{asked(1, 1s, outcome::delivered),  asked(2, 2s, outcome::delivered),
                     asked(1, 19s, outcome::delivered), asked(2, 20500ms, outcome::delivered),
                     asked(1, 20500ms, outcome::lost),  asked(2, 21500ms, outcome::lost),
                     asked(3, 20700ms, outcome::lost)};
    const auto found = estimate(seen, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].low, 19500ms);
    EXPECT_GE(found[0].high, 20500ms);
}

// Each is reset by itself, at an age of its own.
TEST(ages, are_not_claimed_where_busy_connections_end_at_random)
{
    std::vector<observation> seen;
    std::uint32_t connection = 0;
    for (const auto age : {4s, 31s, 12s, 22s, 17s}) {
        ++connection;
        for (auto lived = 1s; lived < age; ++lived)
            seen.push_back(asked(connection, lived, outcome::delivered));
        auto end = asked(connection, age, outcome::reset);
        end.unprompted = true;
        end.sent_at = age + connection * 2s;
        seen.push_back(end);
        for (auto silence = 1s; silence < 6s; ++silence) {
            auto silent = asked(100 + connection, silence, outcome::delivered);
            silent.where.how = {};
            silent.idle_age = silence;
            silent.result = silence > 4s ? outcome::reset : outcome::delivered;
            silent.unprompted = silence > 4s;
            silent.sent_at = connection * 3s + silence;
            seen.push_back(silent);
        }
    }
    for (const auto& each : estimate(seen, {}))
        EXPECT_NE(each.kind, finding_kind::absolute_age) << each.note;
}

TEST(ages, say_nothing_where_no_busy_connection_was_cut)
{
    EXPECT_TRUE(estimate(std::vector{asked(1, 29s, outcome::delivered)}, {}).empty());
}

TEST(ages, leave_no_row_of_busy_connections_that_say_nothing_of_the_refresh)
{
    // Silent ones are gone after 1.5 s; between 1 s and that a busy one tells neither way.
    std::vector<observation> seen;
    for (std::uint32_t i = 0; i < 6; ++i) {
        auto silent = asked(10 + i, 5s, i < 3 ? outcome::delivered : outcome::lost);
        silent.where.how.by = refresh::none;
        silent.where.how.from = refresh_side::none;
        silent.idle_age = i < 3 ? 900ms : 1500ms;
        seen.push_back(silent);
    }
    seen.push_back(asked(1, 29s, outcome::delivered));
    const auto found = estimate(seen, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].where.how.by, refresh::none);
}

}  // namespace
}  // namespace deadair::estimate
