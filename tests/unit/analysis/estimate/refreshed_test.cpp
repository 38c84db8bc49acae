#include "analysis/estimate/refreshed.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

// Found by connections that ended by themselves, so to the millisecond.
finding silent()
{
    finding found;
    found.kind = finding_kind::timeout;
    found.idle_timeout = 4999ms;
    found.low = 4994ms;
    found.high = 5004ms;
    found.confidence = 0.999;
    return found;
}

// Opened a minute into the run.
observation told(means how, nanoseconds at, outcome result)
{
    observation seen;
    seen.where.how = how;
    seen.idle_age = at;
    seen.idle_age_error = 1ms;
    seen.connection_age = at;
    seen.sent_at = 1min + at;
    seen.settled_at = *seen.sent_at;
    seen.result = result;
    return seen;
}

observation keepalive(nanoseconds at, outcome result)
{
    return told({refresh::tcp_keepalive, refresh_side::client}, at, result);
}

observation closed_by_itself(nanoseconds at)
{
    auto seen = keepalive(at, outcome::closed);
    seen.unprompted = true;
    return seen;
}

// What stood beside the refreshed connections.
struct controls {
    std::vector<observation> silent{told({}, 6800ms, outcome::lost)};
    std::vector<observation> busy{
        told({refresh::data, refresh_side::both}, 6800ms, outcome::delivered)};
};

finding of(const std::vector<observation>& seen, const controls& beside = {})
{
    const std::vector<finding> all{silent()};
    return of_refreshed(seen.front().where, seen,
                        {.found = all, .silent = beside.silent, .busy = beside.busy});
}

const std::vector two_alive{keepalive(6800ms, outcome::delivered),
                            keepalive(6900ms, outcome::delivered)};
const std::vector two_dead{keepalive(6800ms, outcome::lost), keepalive(6900ms, outcome::lost)};

TEST(a_refreshed_connection, that_lives_where_silent_ones_died_counts_and_says_for_how_long)
{
    const auto found = of(two_alive);
    EXPECT_EQ(effect_of(found), refresh_effect::counts) << found.note;
    EXPECT_EQ(found.low, 6899ms);
    EXPECT_EQ(found.note,
              "counts: kept connections alive for 6 s, where silent ones beside them died; "
              "longer was not tried");
}

TEST(a_refreshed_connection, that_dies_where_busy_ones_live_was_not_kept)
{
    const auto found = of(two_dead);
    EXPECT_EQ(effect_of(found), refresh_effect::does_not_count) << found.note;
    EXPECT_EQ(found.not_delivered, 2U);
}

TEST(a_refreshed_connection, that_lives_shows_nothing_where_silent_ones_live_too)
{
    controls beside;
    beside.silent.push_back(told({}, 6800ms, outcome::delivered));
    const auto found = of(two_alive, beside);
    EXPECT_EQ(effect_of(found), refresh_effect::inconclusive);
    EXPECT_NE(found.note.find("silent connections that were opened beside them lived"),
              std::string::npos)
        << found.note;
}

// Of the search, for example: asked at a younger age, or not silent all the while.
TEST(a_refreshed_connection, is_not_compared_with_what_was_silent_for_less)
{
    controls beside;
    beside.silent.push_back(told({}, 4500ms, outcome::delivered));
    auto spoke = told({}, 6800ms, outcome::delivered);
    spoke.idle_age = 4500ms;
    beside.silent.push_back(spoke);
    auto later = told({}, 5500ms, outcome::delivered);
    later.sent_at = 1min + 6800ms;
    beside.silent.push_back(later);
    EXPECT_EQ(effect_of(of(two_alive, beside)), refresh_effect::counts);
}

// All state was lost, or all are cut at an age.
TEST(a_refreshed_connection, that_dies_with_busy_ones_shows_nothing)
{
    controls beside;
    beside.busy.push_back(told({refresh::data, refresh_side::both}, 6800ms, outcome::lost));
    EXPECT_EQ(effect_of(of(two_dead, beside)), refresh_effect::does_not_count) << "packet loss";
    beside.busy.push_back(beside.busy.back());
    beside.busy.back().connection_id = 1;
    const auto found = of(two_dead, beside);
    EXPECT_EQ(effect_of(found), refresh_effect::inconclusive);
    EXPECT_NE(found.note.find("busy connections that were opened beside them died, too"),
              std::string::npos)
        << found.note;
}

// As in a file of a version that opened none.
TEST(a_refreshed_connection, without_controls_shows_nothing_and_says_so)
{
    const controls none{.silent = {}, .busy = {}};
    const auto lived = of(two_alive, none);
    EXPECT_EQ(effect_of(lived), refresh_effect::inconclusive);
    EXPECT_NE(lived.note.find("no silent connection"), std::string::npos) << lived.note;
    const auto died = of(two_dead, none);
    EXPECT_EQ(effect_of(died), refresh_effect::inconclusive);
    EXPECT_NE(died.note.find("no busy connection"), std::string::npos) << died.note;
}

// Nobody knows whether those would have died of what killed the others.
TEST(a_refreshed_connection, is_not_compared_with_those_opened_at_another_time)
{
    controls beside;
    for (auto* each : {&beside.silent, &beside.busy})
        each->front().connection_age += 30s;
    EXPECT_EQ(effect_of(of(two_alive, beside)), refresh_effect::inconclusive);
    EXPECT_EQ(effect_of(of(two_dead, beside)), refresh_effect::inconclusive);
}

// A flush took the first ones, and the busy ones beside them; the second ones were told apart.
TEST(a_refreshed_connection, that_died_of_something_else_does_not_count_against_the_next)
{
    auto seen = two_alive;
    controls beside;
    for (auto each : two_dead) {
        *each.sent_at -= 30s;
        seen.push_back(each);
    }
    auto lost = told({refresh::data, refresh_side::both}, 6800ms, outcome::lost);
    *lost.sent_at -= 30s;
    beside.busy.push_back(lost);  // and no busy one beside it lived
    EXPECT_EQ(effect_of(of(seen, beside)), refresh_effect::counts);
}

// A proxy heeds no keepalive, and closes what is refreshed at the very age at which it closes the
// rest.
TEST(a_refreshed_connection, that_ends_by_itself_where_silent_ones_end_was_not_kept)
{
    const auto found = of({closed_by_itself(4998ms), closed_by_itself(5001ms)});
    EXPECT_EQ(effect_of(found), refresh_effect::does_not_count) << found.note;
    EXPECT_EQ(found.after_expiry, expiry::closed);
}

TEST(a_refreshed_connection, that_ends_by_itself_at_another_age_tells_nothing_of_the_refresh)
{
    const auto found = of({closed_by_itself(3s), closed_by_itself(3100ms)});
    EXPECT_EQ(effect_of(found), refresh_effect::inconclusive) << found.note;
}

}  // namespace
}  // namespace deadair::estimate
