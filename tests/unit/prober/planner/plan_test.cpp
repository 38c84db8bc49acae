#include "prober/planner/plan.hpp"

#include <gtest/gtest.h>

namespace deadair::planner {
namespace {

using namespace std::chrono_literals;

plan a_plan()
{
    plan wanted;
    wanted.paths = {{.family = address_family::ipv4, .server_port = 7443, .kind = transport::tls}};
    wanted.directions = {direction::to_client, direction::to_server};
    return wanted;
}

// The refusal names what was asked for, and what works; and that does work.
void expect_refused(plan wanted, const char* asked, const char* works)
{
    const auto why = refuse(wanted);
    ASSERT_TRUE(why);
    EXPECT_NE(why->find(asked), std::string::npos) << *why;
    EXPECT_NE(why->find(works), std::string::npos) << *why;
}

TEST(a_plan, is_accepted_as_it_is_by_default)
{
    EXPECT_FALSE(refuse(a_plan()));
}

TEST(a_plan, is_refused_when_the_clock_cannot_honour_its_resolution)
{
    auto wanted = a_plan();
    wanted.resolution = 2ms;
    expect_refused(wanted, "--resolution 2 ms", "at least 10 ms");
    wanted.resolution = 10ms;
    EXPECT_FALSE(refuse(wanted));
}

TEST(a_plan, is_refused_when_no_probe_fits_its_range)
{
    auto wanted = a_plan();
    wanted.idle_min = 60s;
    wanted.idle_max = 60s;
    expect_refused(wanted, "--max-idle 60 s", "60.5 s");
    wanted.idle_max = 60'500ms;
    EXPECT_FALSE(refuse(wanted));
}

TEST(a_plan, is_refused_when_it_begins_before_a_silence_can)
{
    auto wanted = a_plan();
    wanted.idle_min = 1ms;
    expect_refused(wanted, "--min-idle", "at least 500 ms");
    wanted.idle_min = 500ms;
    EXPECT_FALSE(refuse(wanted));
}

TEST(a_plan, is_refused_with_too_few_connections_for_its_strata)
{
    auto wanted = a_plan();
    wanted.connections = 7;
    expect_refused(wanted, "--connections 7", "at least 8");
    wanted.connections = 8;
    EXPECT_FALSE(refuse(wanted));
}

}  // namespace
}  // namespace deadair::planner
