#include "prober/session/run_clock.hpp"

#include <gtest/gtest.h>

namespace deadair::prober {
namespace {

using namespace std::chrono_literals;

TEST(sleep_watch, tells_how_long_the_host_slept_since_it_was_asked)
{
    static nanoseconds ahead = 5h;  // slept before we began
    sleep_watch watch{+[] { return ahead; }};
    EXPECT_EQ(watch.slept(), 0s);
    ahead += 10s;
    EXPECT_EQ(watch.slept(), 10s);
    EXPECT_EQ(watch.slept(), 0s);
    ahead += 2h;
    ahead += 3s;
    EXPECT_EQ(watch.slept(), 2h + 3s);
}

TEST(sleep_watch, sees_no_sleep_while_this_host_is_awake)
{
    sleep_watch watch;
    const auto until = std::chrono::steady_clock::now() + 20ms;
    while (std::chrono::steady_clock::now() < until)
        EXPECT_LT(std::chrono::abs(watch.slept()), 1s);  // we may be put off between its readings
}

TEST(utc, tells_its_own_age)
{
    const auto age = age_of_utc(utc_now());
    ASSERT_TRUE(age);
    EXPECT_GE(*age, 0s);
    EXPECT_LT(*age, 10s);
    EXPECT_FALSE(age_of_utc("yesterday"));
}

}  // namespace
}  // namespace deadair::prober
