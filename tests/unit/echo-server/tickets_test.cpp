#include "echo-server/tickets.hpp"

#include <gtest/gtest.h>

#include "echo-server/wire/limits.hpp"

namespace deadair::echo_server {
namespace {

using namespace std::chrono_literals;

constexpr tickets::half ours = 0x1122334455667788;
const tickets::time start{};

TEST(a_ticket, serves_once_and_only_its_session)
{
    tickets of{ours};
    tickets elsewhere{ours + 1};
    const auto shown = of.issue(7, start);
    (void)elsewhere.issue(7, start);
    EXPECT_EQ(tickets::session_half(shown), ours);
    EXPECT_FALSE(elsewhere.redeem(shown, start));
    EXPECT_TRUE(of.redeem(shown, start));
    EXPECT_FALSE(of.redeem(shown, start));
}

TEST(a_ticket, is_valid_for_its_lifetime_and_no_longer)
{
    tickets of{ours};
    const auto first = of.issue(1, start);
    const auto second = of.issue(2, start);
    EXPECT_TRUE(of.redeem(first, start + wire::ticket_lifetime));
    EXPECT_FALSE(of.redeem(second, start + wire::ticket_lifetime + 1ns));
    EXPECT_EQ(of.size(), 0U);
}

TEST(a_ticket, makes_room_when_it_is_the_oldest_unused_one)
{
    tickets of{ours};
    const auto first = of.issue(1, start);
    const auto second = of.issue(2, start);
    for (tickets::half own = 3; own <= wire::tickets_unused_max + 1; ++own)
        (void)of.issue(own, start);
    EXPECT_EQ(of.size(), wire::tickets_unused_max);
    EXPECT_FALSE(of.redeem(first, start));
    EXPECT_TRUE(of.redeem(second, start));
}

}  // namespace
}  // namespace deadair::echo_server
