#include "prober/uploads/plan/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace deadair::prober::uploads {
namespace {

using namespace std::chrono_literals;

plan some_plan()
{
    plan wanted;
    wanted.paths = {{.server_port = 7443, .kind = transport::tls},
                    {.server_port = 7443, .kind = transport::wss}};
    wanted.ways = {transfer_direction::upload, transfer_direction::download};
    wanted.sizes = {64'000, 10'000'000};
    wanted.timeout = {.low = 19s, .best = 20s, .high = 21s};
    return wanted;
}

nanoseconds two_seconds(const trial&)
{
    return 2s;
}

TEST(upload_schedule, tries_each_size_both_ways_on_each_path)
{
    const auto all = fresh_trials(some_plan());
    EXPECT_EQ(all.size(), 8U);
    EXPECT_TRUE(std::ranges::all_of(
        all, [](const trial& each) { return each.spell == idle_spell::fresh && each.idle == 0s; }));
}

TEST(upload_schedule, makes_no_idle_trial_without_a_timeout)
{
    auto wanted = some_plan();
    wanted.timeout.reset();
    EXPECT_TRUE(idle_trials(wanted, two_seconds).empty());
}

TEST(upload_schedule, is_safely_below_at_and_just_past_the_timeout)
{
    const known_timeout timeout{.low = 19s, .best = 20s, .high = 21s};
    EXPECT_LT(idle_before(idle_spell::below, timeout), 18s);
    EXPECT_GT(idle_before(idle_spell::below, timeout), 9s);
    EXPECT_EQ(idle_before(idle_spell::at, timeout), 20s);
    EXPECT_GT(idle_before(idle_spell::beyond, timeout), 22s);
    EXPECT_LT(idle_before(idle_spell::beyond, timeout), 23s);
    EXPECT_EQ(idle_before(idle_spell::below, {.low = 2s, .best = 2s, .high = 2s}), 1s);
}

TEST(upload_schedule, keeps_transfers_apart_by_what_they_are_expected_to_take)
{
    auto all = idle_trials(some_plan(), two_seconds);
    std::ranges::sort(all, {}, [](const trial& each) { return each.open_at + each.idle; });
    for (std::size_t i = 1; i < all.size(); ++i)
        if (all[i - 1].guard == write_guard::none) {
            EXPECT_GT(all[i].open_at + all[i].idle, all[i - 1].open_at + all[i - 1].idle + 2s);
        }
}

TEST(upload_schedule, opens_in_order_and_numbers_each_once)
{
    const auto all = idle_trials(some_plan(), two_seconds);
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &trial::open_at));
    EXPECT_GE(all.front().open_at, 0s);
    std::set<std::uint32_t> numbers;
    for (const auto& each : fresh_trials(some_plan()))
        numbers.insert(each.number);
    for (const auto& each : all)
        numbers.insert(each.number);
    EXPECT_EQ(numbers.size(), all.size() + 8);
}

TEST(upload_schedule, lets_a_small_and_a_large_write_meet_a_dead_binding_with_each_guard)
{
    for (const auto kind : {transport::tls, transport::wss}) {
        std::set<std::pair<write_guard, std::uint64_t>> seen;
        for (const auto& each : idle_trials(some_plan(), two_seconds))
            if (each.spell == idle_spell::beyond && each.on.kind == kind &&
                each.way == transfer_direction::upload)
                seen.emplace(each.guard, each.size);
        for (const auto guard :
             {write_guard::none, write_guard::user_timeout, write_guard::socket_timeout}) {
            EXPECT_TRUE(seen.contains({guard, small_write}));
            EXPECT_TRUE(seen.contains({guard, 10'000'000}));
        }
    }
}

TEST(upload_schedule, refuses_more_than_a_server_should_bear)
{
    auto wanted = some_plan();
    EXPECT_FALSE(refuse(wanted));
    wanted.sizes.assign(100, 1000);
    EXPECT_TRUE(refuse(wanted));
}

}  // namespace
}  // namespace deadair::prober::uploads
