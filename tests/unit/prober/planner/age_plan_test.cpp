#include "prober/planner/age_plan.hpp"

#include <gtest/gtest.h>

#include <map>

namespace deadair::planner {
namespace {

using namespace std::chrono_literals;

plan wanted()
{
    return {.paths = {{address_family::ipv4, 7443, transport::tls}},
            .directions = {direction::to_client, direction::to_server}};
}

/// A firewall that cuts at an age. @return probes sent until `end`
std::uint32_t live_through(age_plan& busy, nanoseconds age, time end)
{
    std::map<connection_id, time> opened_at;
    std::uint32_t probes = 0;
    for (time now{}; now < end && !busy.finished();
         now = std::max<time>(now + 100ms, busy.wake_at().value_or(end)))
        for (const auto& todo : busy.act(now)) {
            if (const auto* open = std::get_if<open_connection>(&todo)) {
                opened_at[open->connection] = now;
                busy.on(opened{open->connection, now});
            } else if (const auto* probe = std::get_if<send_probe>(&todo)) {
                ++probes;
                const bool alive = now - opened_at[probe->connection] < age;
                busy.on(settled{.probe = probe->probe,
                                .result = alive ? outcome::delivered : outcome::lost,
                                .idle_age = 1s,
                                .last_packet = now});
            }
        }
    return probes;
}

TEST(age_plan, is_over_once_every_connection_was_cut)
{
    age_plan busy{wanted()};
    live_through(busy, 20s, 1h);
    EXPECT_TRUE(busy.finished());
    EXPECT_EQ(busy.cut(), age_plan::connections);
    EXPECT_FALSE(busy.unsettled());
}

TEST(age_plan, says_little_in_a_week)
{
    age_plan busy{wanted()};
    const auto probes = live_through(busy, 1000h, 7 * 24h);
    EXPECT_FALSE(busy.finished());
    EXPECT_EQ(busy.cut(), 0U);
    EXPECT_LT(probes, age_plan::connections * 1000);
}

}  // namespace
}  // namespace deadair::planner
