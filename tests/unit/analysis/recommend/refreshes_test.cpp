#include "analysis/recommend/refreshes.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

finding died(nanoseconds at, refresh by = refresh::none, refresh_side from = refresh_side::none)
{
    finding found;
    found.where.how.by = by;
    found.where.how.from = from;
    found.kind = finding_kind::timeout;
    found.idle_timeout = at;
    found.low = at - 250ms;
    found.high = at + 250ms;
    return found;
}

finding survived(nanoseconds longest, refresh by, refresh_side from)
{
    finding found;
    found.where.how.by = by;
    found.where.how.from = from;
    found.kind = finding_kind::none;
    found.low = longest;
    return found;
}

constexpr auto keepalive = refresh::tcp_keepalive;
constexpr auto client = refresh_side::client;
constexpr auto server = refresh_side::server;

std::optional<bool> counts(std::vector<finding> found)
{
    return usefulness_of(found, keepalive).counts;
}

TEST(refreshes, count_when_connections_with_them_outlive_those_without)
{
    EXPECT_EQ(counts({died(60s), survived(300s, keepalive, client)}), true);
    EXPECT_EQ(counts({died(60s), died(60s, keepalive, client)}), false);
}

TEST(refreshes, are_unknown_when_the_run_does_not_tell)
{
    auto unsure = survived(300s, keepalive, client);
    unsure.kind = finding_kind::inconclusive;
    EXPECT_EQ(counts({died(60s), unsure}), std::nullopt);
    EXPECT_EQ(counts({died(60s)}), std::nullopt);
    unsure.kind = finding_kind::absolute_age;
    EXPECT_EQ(counts({died(60s), unsure}), std::nullopt);
}

TEST(refreshes, are_in_vain_where_one_direction_dies)
{
    auto other = died(60s, keepalive, client);
    other.where.way = direction::to_server;
    auto without = died(60s);
    without.where.way = direction::to_server;
    EXPECT_EQ(counts({died(60s), survived(300s, keepalive, client), without, other}), false);
}

TEST(refreshes, may_count_from_one_side_only)
{
    const std::vector found{died(60s), died(60s, keepalive, client),
                            survived(300s, keepalive, server)};
    const auto all = usefulness_of(found, keepalive);
    EXPECT_EQ(all.counts, true);
    EXPECT_EQ(all.only_from, server);
    EXPECT_EQ(usefulness_of(found, refresh::data).counts, std::nullopt);
}

}  // namespace
}  // namespace deadair::recommend
