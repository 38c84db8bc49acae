// Middleboxes that are not one sharp timer: what is said of each, and that no finding reaches below
// the shortest silence that kills.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/estimate/estimate.hpp"
#include "tests/unit/analysis/estimate/known_boxes.hpp"

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

using boxes::asked;
using boxes::drawn;
using boxes::known_box;
using boxes::observe;

double seconds(const std::optional<nanoseconds>& value)
{
    return value ? to_seconds(*value) : -1;
}

const finding& first_of(const std::vector<finding>& all)
{
    return *std::ranges::find_if(
        all, [](const auto& each) { return each.where.how.by == refresh::none; });
}

class explanations_of : public testing::TestWithParam<known_box> {};

TEST_P(explanations_of, a_box_are_right_and_reach_no_lower_than_it_kills)
{
    const auto& truth = GetParam();
    for (unsigned seed = 1; seed <= 5; ++seed) {
        const auto found = estimate(observe(truth.box, truth.like, seed), {});
        const auto& first = first_of(found);
        EXPECT_EQ(to_string(first.why), to_string(truth.why)) << "seed " << seed << first.note;
        if (truth.death_s) {
            EXPECT_LE(seconds(first.low), *truth.death_s) << "seed " << seed << first.note;
        }
        EXPECT_GE(seconds(first.low), truth.low_min_s) << "seed " << seed << first.note;
    }
}

INSTANTIATE_TEST_SUITE_P(known, explanations_of, testing::ValuesIn(boxes::known_boxes()),
                         [](const auto& of) { return of.param.name; });

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

std::vector<observation> busy_ones_that_live()
{
    std::vector<observation> all;
    for (std::uint32_t connection = 2001; connection <= 2003; ++connection)
        for (int second = 1; second <= 60; ++second) {
            observation one;
            one.where.way = direction::to_client;
            one.where.how = {refresh::data, refresh_side::both};
            one.connection_id = connection;
            one.idle_age = 100ms;
            one.result = outcome::delivered;
            one.sent_at = one.settled_at = one.connection_age = second * 1s;
            all.push_back(one);
        }
    return all;
}

TEST(explanations, busy_ones_that_live_contradict_ends_at_random)
{
    const auto box = [](const asked& one) {
        return one.silent_since_s - 30 * std::log(1 - drawn(one.connection, one.messages + 1));
    };
    auto seen = observe(box, {.scale_s = 20, .closes = true});
    EXPECT_EQ(first_of(estimate(seen, {})).why, explanation::random);
    std::ranges::move(busy_ones_that_live(), std::back_inserter(seen));
    const auto found = estimate(seen, {});
    const auto& first = first_of(found);
    EXPECT_EQ(first.why, explanation::unsettled);
    EXPECT_LE(first.confidence, 0.95);
    EXPECT_NE(first.note.find("busy ones do not"), std::string::npos) << first.note;
}

// When state is lost all are about as old, and die at about one age: it looks like a timeout that
// grew later.
TEST(explanations, a_loss_of_state_while_all_are_old)
{
    const auto box = [](const asked& one) {
        return one.silent_since_s < 13.4 ? 13.4 : one.silent_since_s + 17;
    };
    auto seen = observe(box, {.rounds = 1, .scale_s = 24});
    auto later = observe(box, {.scale_s = 17, .start_s = 20});
    for (auto& each : later)
        each.connection_id += 1000;
    std::ranges::move(later, std::back_inserter(seen));
    const auto found = estimate(seen, {});
    const auto& first = first_of(found);
    EXPECT_EQ(first.why, explanation::flush) << first.note;
    EXPECT_GT(seconds(first.low), 15);
    EXPECT_LE(seconds(first.low), 17);
}

TEST(explanations, late_after_silence)
{
    const auto seen = boxes::with_late_ones(
        observe([](const asked& one) { return one.silent_since_s + 8; }, {}), 3s);
    const auto found = estimate(seen, {});
    const auto& first = first_of(found);
    EXPECT_EQ(first.why, explanation::delayed);
    EXPECT_EQ(first.kind, finding_kind::none);
    EXPECT_FALSE(first.high);
    EXPECT_GT(seconds(first.low), 8);
    EXPECT_NE(first.note.find("the first message after 8"), std::string::npos) << first.note;
    EXPECT_NE(first.note.find("took 3 s"), std::string::npos) << first.note;
}

// What the client says arrives, whatever the silence; past 8 s no acknowledgement comes back.
std::vector<observation> seen_half_dead(bool acknowledged)
{
    auto seen = observe(
        [](const asked& one) {
            return one.silent_since_s + (one.way == direction::to_client ? 8 : 100);
        },
        {.scale_s = 12, .ways = {direction::to_client, direction::to_server}});
    std::set<std::uint32_t> unheard;
    for (auto& each : seen) {
        if (unheard.contains(each.connection_id)) {
            each.result = outcome::voided;
            each.disturbed = true;
        }
        if (!acknowledged && each.where.way == direction::to_server && each.idle_age > 8s)
            unheard.insert(each.connection_id);
    }
    return seen;
}

TEST(explanations, a_direction_whose_sender_never_hears_an_acknowledgement)
{
    for (const auto& each : estimate(seen_half_dead(false), {})) {
        const bool half = each.where.way == direction::to_server;
        EXPECT_EQ(each.why, half ? explanation::half_dead : explanation::sharp) << each.note;
        EXPECT_EQ(each.kind, half ? finding_kind::none : finding_kind::timeout);
        EXPECT_EQ(each.note.starts_with("half dead: after 8"), half) << each.note;
    }
}

TEST(explanations, a_direction_that_outlives_the_other_and_is_acknowledged_is_not_half_dead)
{
    for (const auto& each : estimate(seen_half_dead(true), {}))
        EXPECT_NE(each.why, explanation::half_dead) << each.note;
}

// Those that never arrived died.
TEST(explanations, some_late_among_the_lost_are_no_delay)
{
    auto seen = observe([](const asked& one) { return one.silent_since_s + 8; }, {});
    int changed = 0;
    for (auto& each : seen)
        if (each.result == outcome::lost && changed++ < 6)
            each.result = outcome::late;
    const auto found = estimate(seen, {});
    EXPECT_EQ(first_of(found).kind, finding_kind::timeout);
}

// One that came very late says nothing of all that nobody waited for as long.
TEST(explanations, some_very_late_among_the_lost_are_no_delay)
{
    auto seen = observe([](const asked& one) { return one.silent_since_s + 8; }, {});
    std::ranges::stable_sort(seen, {}, [](const observation& each) { return *each.sent_at; });
    int changed = 0;
    for (auto& each : seen)
        if (each.result == outcome::lost && changed++ < 6) {
            each.result = outcome::late;
            each.settled_at = *each.sent_at + 60s;
        }
    const auto found = estimate(seen, {});
    EXPECT_EQ(first_of(found).kind, finding_kind::timeout) << first_of(found).note;
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
