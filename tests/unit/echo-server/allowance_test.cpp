#include "echo-server/allowance.hpp"

#include <gtest/gtest.h>

namespace deadair::echo_server {
namespace {

using namespace std::chrono_literals;

constexpr rate_limits ten_messages{.messages_per_second = 10, .bytes_per_second = 1000};
const allowance::time start{};

TEST(allowance, lets_two_seconds_worth_pass_at_once)
{
    allowance left{ten_messages, start};
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(left.take(1, 1, start)) << i;
    EXPECT_FALSE(left.take(1, 1, start));
}

TEST(allowance, holds_a_steady_rate_for_ever)
{
    allowance left{ten_messages, start};
    for (int i = 0; i < 1000; ++i)
        EXPECT_TRUE(left.take(1, 100, start + i * 100ms)) << i;
}

TEST(allowance, counts_bytes_beside_messages)
{
    allowance left{ten_messages, start};
    EXPECT_TRUE(left.take(1, 2000, start));
    EXPECT_FALSE(left.take(1, 1, start));
}

TEST(allowance, saves_no_more_than_two_seconds)
{
    allowance left{ten_messages, start};
    EXPECT_TRUE(left.take(20, 0, start + 24h));
    EXPECT_FALSE(left.take(1, 0, start + 24h));
}

}  // namespace
}  // namespace deadair::echo_server
