#include "echo-server/limits.hpp"

#include <gtest/gtest.h>

namespace deadair::echo_server {
namespace {

TEST(a_share, is_as_large_as_the_others_unless_it_was_chosen)
{
    EXPECT_EQ(share({}, 2000, 1), 2000U);
    EXPECT_EQ(share({}, 2000, 3), 666U);
    EXPECT_EQ(share({}, 2, 64), 1U);
    EXPECT_EQ(share(1500, 2000, 4), 1500U);
    EXPECT_EQ(share(5000, 2000, 4), 2000U);
}

TEST(the_sessions_of_one_token, may_send_as_much_as_the_others_and_at_least_what_one_session_may)
{
    const rate_limits one{.messages_per_second = 100, .bytes_per_second = 1000};
    EXPECT_EQ(team_rates(one, 1).messages_per_second, 500);
    EXPECT_EQ(team_rates(one, 2).bytes_per_second, 2500);
    EXPECT_EQ(team_rates(one, 64).messages_per_second, 100);
}

}  // namespace
}  // namespace deadair::echo_server
