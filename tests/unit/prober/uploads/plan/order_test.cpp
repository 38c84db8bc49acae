#include "prober/uploads/plan/order.hpp"

#include <gtest/gtest.h>

namespace deadair::prober::uploads {
namespace {

using namespace std::chrono_literals;

plan few(std::optional<known_timeout> timeout = {})
{
    plan what;
    what.paths = {{.family = address_family::ipv4, .server_port = 7443, .kind = transport::tls}};
    what.ways = {transfer_direction::upload};
    what.sizes = {1000, 2000};
    what.timeout = timeout;
    return what;
}

TEST(order, fresh_transfers_follow_each_other)
{
    order one{few()};
    const auto first = one.due(0s, true);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].size, 1000U);
    EXPECT_TRUE(one.due(1h, false).empty());
    EXPECT_EQ(one.due(1h, true).at(0).size, 2000U);
}

TEST(order, is_finished_when_all_are_under_way_or_over)
{
    order one{few()};
    one.due(0s, true);
    one.due(1s, true);
    EXPECT_FALSE(one.finished());  // whether idle ones follow is decided when these are kept
    EXPECT_TRUE(one.due(2s, false).empty());
    EXPECT_FALSE(one.finished());
    EXPECT_TRUE(one.due(2s, true).empty());
    EXPECT_TRUE(one.finished());
}

TEST(order, idle_transfers_are_begun_at_their_times)
{
    order one{few(known_timeout{10s, 10s, 10s})};
    one.due(0s, true);
    one.due(1s, true);
    std::size_t begun = one.due(100s, true).size();
    while (!one.finished()) {
        const auto next = one.wake_at();
        ASSERT_TRUE(next);
        EXPECT_TRUE(one.due(*next - 1ns, false).empty());
        begun += one.due(*next, false).size();
    }
    EXPECT_EQ(begun, idle_trials(few(known_timeout{10s, 10s, 10s}), [](const trial&) {
                         return nanoseconds{};
                     }).size());
}

TEST(order, what_took_long_keeps_its_successor_away)
{
    const auto last_begun = [](nanoseconds took) {
        order one{few(known_timeout{10s, 10s, 10s})};
        for (int fresh = 0; fresh < 2; ++fresh)
            one.took(one.due(0s, true).at(0), took);
        nanoseconds at{};
        one.due(at, true);
        while (const auto next = one.wake_at())
            one.due(at = *next, false);
        return at;
    };
    EXPECT_GT(last_begun(20s), last_begun(1s) + 20s);
}

}  // namespace
}  // namespace deadair::prober::uploads
