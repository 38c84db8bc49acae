#include "echo-server/counts.hpp"

#include <gtest/gtest.h>

namespace deadair::echo_server {
namespace {

using namespace std::chrono_literals;

TEST(histogram, counts_each_duration_in_every_bound_that_holds_it)
{
    histogram late;
    late.add(200us);
    late.add(50ms);
    late.add(3s);
    EXPECT_EQ(late.within(0), 0U);  // 100 us
    EXPECT_EQ(late.within(1), 1U);  // 500 us
    EXPECT_EQ(late.within(5), 2U);  // 100 ms
    EXPECT_EQ(late.within(6), 2U);  // 1 s
    EXPECT_EQ(late.count(), 3U);
    EXPECT_NEAR(late.sum_s(), 3.0502, 1e-9);
}

TEST(openmetrics, writes_what_was_counted_and_ends_as_the_format_demands)
{
    server_counts counts;
    counts.refused[wire::refusal::wrong_token] = 3;
    counts.now(transport::wss) = 7;
    ++counts.of(farewell::over_rate);
    counts.loop_lateness.add(2ms);
    counts.turns.add(7ms);
    counts.turns.add(1ms);
    const auto text = to_openmetrics(counts, {.sessions = 2, .strangers = 5});
    for (const std::string line :
         {"deadair_sessions 2", "deadair_strangers 5", "# TYPE deadair_refused counter",
          "deadair_refused_total{reason=\"wrong_token\"} 3",
          "deadair_connections{transport=\"wss\"} 7", "deadair_connections{transport=\"tcp\"} 0",
          "deadair_farewells_total{reason=\"over_rate\"} 1",
          "deadair_loop_lateness_seconds_bucket{le=\"0.001\"} 0",
          "deadair_loop_lateness_seconds_bucket{le=\"0.005\"} 1",
          "deadair_loop_lateness_seconds_bucket{le=\"+Inf\"} 1", "deadair_turns_total 2",
          "deadair_long_turns_total 1", "deadair_longest_turn_seconds 0.007"})
        EXPECT_NE(text.find("\n" + line + "\n"), std::string::npos) << line;
    EXPECT_TRUE(text.ends_with("\n# EOF\n"));
}

}  // namespace
}  // namespace deadair::echo_server
