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
    for (time now{}; now < end && busy.needs_time();
         now = std::max<time>(now + 100ms, busy.wake_at().value_or(end)))
        for (const auto& todo : busy.act(now, {})) {
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
    age_plan busy{wanted(), age_plan::lasting::by_itself};
    live_through(busy, 20s, 1h);
    EXPECT_FALSE(busy.needs_time());
    EXPECT_EQ(busy.cut(), age_plan::connections);
    EXPECT_FALSE(busy.unsettled());
}

TEST(age_plan, says_little_in_a_week)
{
    age_plan busy{wanted(), age_plan::lasting::by_itself};
    const auto probes = live_through(busy, 1000h, 7 * 24h);
    EXPECT_TRUE(busy.needs_time());
    EXPECT_EQ(busy.cut(), 0U);
    EXPECT_LT(probes, age_plan::connections * 1000);
}

TEST(age_plan, only_keeps_the_others_company_until_some_were_cut)
{
    age_plan busy{wanted(), age_plan::lasting::with_others};
    EXPECT_FALSE(busy.needs_time());
    EXPECT_FALSE(busy.act(0s, {}).empty());
    busy.on(opened{1, 0s});
    busy.act(1s, {});
    busy.on(ended{.connection = 1, .how = outcome::reset, .idle_age = 1s, .at = 2s});
    EXPECT_TRUE(busy.needs_time());
}

TEST(age_plan, begins_nothing_more_when_the_others_are_done)
{
    age_plan busy{wanted(), age_plan::lasting::with_others};
    EXPECT_TRUE(busy.act(0s, {.expired = {}, .over = true}).empty());
    EXPECT_FALSE(busy.wake_at());
    EXPECT_FALSE(busy.act(1s, {}).empty());
}

}  // namespace
}  // namespace deadair::planner
