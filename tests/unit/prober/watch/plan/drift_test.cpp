#include "prober/watch/plan/drift.hpp"

#include <gtest/gtest.h>

#include <array>

namespace deadair::watch_plan {
namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

finding expired(nanoseconds value, nanoseconds half_width = 200ms)
{
    finding one;
    one.kind = finding_kind::timeout;
    one.idle_timeout = value;
    one.low = value - half_width;
    one.high = value + half_width;
    return one;
}

finding survived(nanoseconds age)
{
    finding one;
    one.kind = finding_kind::none;
    one.low = age;
    return one;
}

std::vector<drift> between(const finding& before, const finding& after)
{
    return compare(std::array{before}, std::array{after});
}

TEST(drift, is_seen_when_intervals_exclude_each_other)
{
    const auto seen = between(expired(10s), expired(6s));
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen.front().before, 10s);
    EXPECT_EQ(seen.front().after, 6s);
    EXPECT_NE(seen.front().text.find("was 10 s and is 6 s"), std::string::npos);
}

TEST(drift, is_not_made_of_the_width_of_a_measurement)
{
    EXPECT_TRUE(between(expired(10s, 400ms), expired(10500ms, 400ms)).empty());
}

TEST(drift, is_seen_when_expiry_begins_or_stops)
{
    EXPECT_EQ(between(survived(30s), expired(10s)).size(), 1U);
    EXPECT_EQ(between(expired(10s), survived(30s)).size(), 1U);
    EXPECT_TRUE(between(survived(30s), expired(60s)).empty());
    EXPECT_TRUE(between(survived(30s), survived(90s)).empty());
}

TEST(drift, is_not_concluded_from_what_is_inconclusive)
{
    EXPECT_TRUE(between(expired(10s), finding{}).empty());
    EXPECT_TRUE(between(finding{}, expired(10s)).empty());
}

TEST(drift, keeps_to_the_stratum)
{
    auto other = expired(6s);
    other.where.way = direction::to_server;
    EXPECT_TRUE(between(expired(10s), other).empty());
}

TEST(timeouts, span_what_expired)
{
    const std::array found{expired(10s), expired(20s), survived(60s)};
    const auto all = timeouts_of(found);
    ASSERT_TRUE(all);
    EXPECT_EQ(all->shortest, 9800ms);
    EXPECT_EQ(all->longest, 20200ms);
    EXPECT_FALSE(timeouts_of(std::array{survived(60s)}));
}

}  // namespace
}  // namespace deadair::watch_plan
