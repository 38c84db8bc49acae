#include "prober/hops/plan/control_path.hpp"

#include <gtest/gtest.h>

#include "tests/unit/prober/hops/plan/row_of_boxes.hpp"

namespace deadair::hops_plan {
namespace {

const plan of{.on = {}, .server_hop = 4, .timeout_low = 7900ms, .timeout_high = 8100ms};

control_path said_of(nanoseconds timeout, double loss = 0, unsigned seed = 1)
{
    row_of_boxes row{{{.timeout = timeout}, {}}, loss, seed};
    return judge_control_path(of, row.run(of, trials_of_control_path(of)));
}

TEST(control_path, forgets_when_it_does_so_by_the_same_timeout)
{
    EXPECT_EQ(said_of(8s), control_path::forgets);
    EXPECT_EQ(said_of(1h), control_path::lives);
    EXPECT_EQ(said_of(5s), control_path::forgets_earlier);
}

TEST(control_path, is_not_blamed_for_what_befell_its_server)
{
    row_of_boxes row{{{.timeout = 1h}}};
    auto results = row.run(of, trials_of_control_path(of));
    for (auto& each : results)
        each.result = outcome::lost;
    EXPECT_EQ(judge_control_path(of, results), control_path::untold);
    for (auto& each : results)
        each.result = outcome::voided;
    EXPECT_EQ(judge_control_path(of, results), control_path::untold);
}

TEST(control_path, is_told_right_or_not_at_all_where_packets_are_lost)
{
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const auto forgets = said_of(8s, 0.05, seed);
        EXPECT_TRUE(forgets == control_path::forgets || forgets == control_path::untold) << seed;
        const auto lives = said_of(1h, 0.05, seed);
        EXPECT_TRUE(lives == control_path::lives || lives == control_path::untold) << seed;
    }
}

}  // namespace
}  // namespace deadair::hops_plan
