// Middleboxes that are not one sharp timer: what is said of each, and that no finding reaches below
// the shortest silence that kills.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/estimate/estimate.hpp"
#include "tests/unit/analysis/estimate/boxes.hpp"

namespace deadair::estimate {
namespace {

using boxes::asked;
using boxes::drawn;
using boxes::observe;
using boxes::run_like;

double seconds(const std::optional<nanoseconds>& value)
{
    return value ? to_seconds(*value) : -1;
}

const finding& first_of(const std::vector<finding>& all)
{
    return *std::ranges::find_if(
        all, [](const auto& each) { return each.where.how.by == refresh::none; });
}

struct expected {
    explanation why{};
    double shortest_s{};  ///< death
    double low_min_s{};   ///< a finding that says nothing is no finding
};

void expect(const boxes::middlebox& box, const run_like& like, const expected& truth)
{
    for (unsigned seed = 1; seed <= 5; ++seed) {
        const auto found = estimate(observe(box, like, seed), {});
        const auto& first = first_of(found);
        EXPECT_EQ(to_string(first.why), to_string(truth.why)) << "seed " << seed << first.note;
        EXPECT_LE(seconds(first.low), truth.shortest_s) << "seed " << seed << first.note;
        EXPECT_GE(seconds(first.low), truth.low_min_s) << "seed " << seed << first.note;
    }
}

boxes::middlebox sweep(double timeout_s, double period_s, double phase_s = 0.3)
{
    return [=](const asked& one) {
        const double due = one.silent_since_s + timeout_s;
        return phase_s + std::ceil((due - phase_s) / period_s) * period_s;
    };
}

TEST(explanations, sharp)
{
    expect([](const asked& one) { return one.silent_since_s + 10; }, {},
           {explanation::sharp, 10, 9.5});
}

TEST(explanations, halves_behind_one_address)
{
    expect([](const asked& one) { return one.silent_since_s + (one.port % 2 == 0 ? 10 : 20); },
           {.scale_s = 16}, {explanation::mixture, 10, 7});
}

TEST(explanations, a_tenth_behind_one_address)
{
    expect(
        [](const asked& one) {
            return one.silent_since_s + (drawn(one.connection) < 0.1 ? 6 : 12);
        },
        {.scale_s = 12}, {explanation::mixture, 6, 0});
}

TEST(explanations, a_tick_of_a_second_that_closes)
{
    expect(sweep(7, 1), {.scale_s = 8, .closes = true}, {explanation::tick, 7, 6.7});
}

TEST(explanations, a_tick_of_five_seconds)
{
    expect(sweep(10, 5), {.scale_s = 13}, {explanation::tick, 10, 9});
}

TEST(explanations, a_tick_of_twenty_seconds)
{
    expect(sweep(30, 20), {.scale_s = 40}, {explanation::tick, 30, 27});
}

TEST(explanations, a_tick_of_thirty_seconds)
{
    expect(sweep(60, 30), {.scale_s = 75}, {explanation::tick, 60, 54});
}

TEST(explanations, drawn_for_each_silence)
{
    expect(
        [](const asked& one) {
            return one.silent_since_s + 8 + 4 * drawn(one.connection, one.messages + 1);
        },
        {}, {explanation::each_silence, 8.1, 5});
}

TEST(explanations, drawn_for_each_connection)
{
    expect([](const asked& one) { return one.silent_since_s + 40 + 20 * drawn(one.connection); },
           {.scale_s = 50}, {explanation::each_connection, 40.5, 22});
}

TEST(explanations, age_and_idle)
{
    expect([](const asked& one) { return std::min(one.silent_since_s + 10, one.opened_s + 25); },
           {}, {explanation::age, 10, 8});
}

TEST(explanations, age_alone)
{
    const auto found = estimate(observe([](const asked& one) { return one.opened_s + 12; }), {});
    const auto& first = first_of(found);
    EXPECT_EQ(first.why, explanation::age);
    EXPECT_EQ(first.kind, finding_kind::none);
    const auto age = std::ranges::find(found, finding_kind::absolute_age, &finding::kind);
    ASSERT_NE(age, found.end());
    EXPECT_LE(seconds(age->low), 12);
    EXPECT_GE(seconds(age->low), 11);
    EXPECT_GE(seconds(age->high), 12);
}

TEST(explanations, a_loss_of_state_at_one_moment)
{
    expect(
        [](const asked& one) {
            return one.silent_since_s < 15 && one.silent_since_s + 20 > 15
                       ? 15
                       : one.silent_since_s + 20;
        },
        {.connections = 128, .scale_s = 20, .open_rate = 5}, {explanation::flush, 20, 17});
}

TEST(explanations, a_change_of_policy)
{
    expect(
        [](const asked& one) {
            const double before = one.silent_since_s + 60;
            return before < 50 ? before : std::max(50.0, one.silent_since_s + 30);
        },
        {.scale_s = 35}, {explanation::policy_change, 30, 25});
}

TEST(explanations, a_timer_for_each_direction)
{
    const auto seen = observe(
        [](const asked& one) {
            return one.silent_since_s + (one.way == direction::to_client ? 8 : 14);
        },
        {.scale_s = 12, .ways = {direction::to_client, direction::to_server}});
    for (const auto& each : estimate(seen, {})) {
        EXPECT_EQ(each.kind, finding_kind::timeout);
        EXPECT_LE(seconds(each.low), each.where.way == direction::to_client ? 8 : 14);
    }
}

TEST(explanations, promotion_after_some_messages)
{
    expect([](const asked& one) { return one.silent_since_s + (one.messages < 2 ? 6 : 15); },
           {.connections = 256, .rounds = 6, .scale_s = 10}, {explanation::promotion, 6, 5});
}

TEST(explanations, ends_at_random)
{
    const auto box = [](const asked& one) {
        return one.silent_since_s - 30 * std::log(1 - drawn(one.connection, one.messages + 1));
    };
    int named = 0;
    for (unsigned seed = 1; seed <= 5; ++seed) {
        const auto found = estimate(observe(box, {.scale_s = 20, .closes = true}, seed), {});
        named += found[0].why == explanation::random ? 1 : 0;
        EXPECT_EQ(found[0].kind, finding_kind::spread);
        EXPECT_LT(seconds(found[0].low), 0.5);
        EXPECT_EQ(found[0].idle_timeout.has_value(), found[0].low.has_value());
    }
    EXPECT_GE(named, 4);
}

TEST(explanations, ends_by_themselves_are_exact)
{
    const auto found = estimate(
        observe([](const asked& one) { return one.silent_since_s + 8.003; }, {.closes = true}), {});
    EXPECT_EQ(found[0].kind, finding_kind::timeout);
    EXPECT_NEAR(seconds(found[0].idle_timeout), 8.003, 0.005);
    EXPECT_LE(seconds(found[0].high) - seconds(found[0].low), 0.02);
}

}  // namespace
}  // namespace deadair::estimate
