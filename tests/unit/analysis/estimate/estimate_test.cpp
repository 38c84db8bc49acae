#include "analysis/estimate/estimate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/analysis/estimate/notes.hpp"

namespace deadair::estimate {
namespace {

TEST(estimate, brackets_a_sharp_timeout)
{
    const auto found = a_sharp_timeout_of_20_s().findings();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, finding_kind::timeout);
    EXPECT_EQ(found[0].low, 19'900ms);
    EXPECT_EQ(found[0].high, 20'100ms);
    EXPECT_EQ(found[0].after_expiry, expiry::silent);
    EXPECT_EQ(found[0].delivered, 5U);
    EXPECT_EQ(found[0].not_delivered, 4U);
    EXPECT_GE(found[0].confidence, 0.999);
}

TEST(estimate, does_not_depend_on_the_order)
{
    auto seen = a_sharp_timeout_of_20_s();
    const auto straight = seen.findings();
    std::ranges::reverse(seen.all());
    const auto reversed = seen.findings();
    EXPECT_EQ(straight[0].low, reversed[0].low);
    EXPECT_EQ(straight[0].high, reversed[0].high);
}

TEST(estimate, is_not_led_astray_by_a_stray_loss)
{
    auto seen = a_sharp_timeout_of_20_s();
    seen.add(7s, outcome::lost);
    seen.all().back().unanswered = 1;
    const auto found = seen.findings();
    EXPECT_EQ(found[0].kind, finding_kind::timeout);
    EXPECT_EQ(found[0].low, 19'900ms);
    EXPECT_EQ(found[0].high, 20'100ms);
}

TEST(estimate, takes_an_early_death_with_several_packets_unanswered_for_no_stray)
{
    auto seen = a_sharp_timeout_of_20_s();
    seen.add(7s, outcome::lost);
    const auto found = seen.findings();
    EXPECT_EQ(found[0].kind, finding_kind::timeout);
    EXPECT_LT(*found[0].low, 7s);
    EXPECT_LT(found[0].confidence, 0.95);
    EXPECT_NE(found[0].note.find("measure again"), std::string::npos) << found[0].note;
}

TEST(estimate, never_uses_what_is_void)
{
    auto seen = a_sharp_timeout_of_20_s();
    for (int i = 0; i < 10; ++i)
        seen.add(6s, outcome::voided);
    const auto found = seen.findings();
    EXPECT_EQ(found[0].low, 19'900ms);
    EXPECT_EQ(found[0].voided, 10U);
}

TEST(estimate, widens_by_the_error_of_the_ages)
{
    auto seen = a_sharp_timeout_of_20_s();
    for (auto& each : seen.all())
        each.idle_age_error = 30ms;
    const auto found = seen.findings();
    EXPECT_EQ(found[0].low, 19'870ms);
    EXPECT_EQ(found[0].high, 20'130ms);
}

TEST(estimate, says_what_was_survived_when_nothing_expired)
{
    const auto found =
        notes{}.add(60s, outcome::delivered).add(120s, outcome::delivered).findings();
    EXPECT_EQ(found[0].kind, finding_kind::none);
    EXPECT_EQ(found[0].low, 120s);
    EXPECT_FALSE(found[0].high);
    EXPECT_FALSE(found[0].after_expiry);
}

TEST(estimate, does_not_believe_in_one_silent_connection)
{
    const auto found = notes{}.add(60s, outcome::delivered).add(120s, outcome::lost).findings();
    EXPECT_EQ(found[0].kind, finding_kind::inconclusive);
    EXPECT_EQ(found[0].low, 60s);
    EXPECT_NE(found[0].note, "");
}

// What a finding at 300 s says, when so many segments had been sent again before the silences.
std::string note_at_300_s(std::initializer_list<std::optional<std::uint32_t>> retransmitted)
{
    notes seen;
    for (const auto age : {100s, 200s, 299s})
        seen.add(age, outcome::delivered);
    for (const auto& each : retransmitted) {
        seen.add(300'100ms, outcome::lost);
        seen.all().back().retransmitted_before = each;
    }
    const auto found = seen.findings();
    EXPECT_EQ(found.at(0).kind, finding_kind::timeout);
    return found.at(0).note;
}

TEST(estimate, rules_out_the_300_s_of_linux_by_the_counters)
{
    EXPECT_NE(note_at_300_s({0, 2, 0}).find("the firewall's own value"), std::string::npos);
    EXPECT_NE(note_at_300_s({0, 3, 7}).find("2 of the 3 that failed had that many"),
              std::string::npos);
    EXPECT_NE(note_at_300_s({0, std::nullopt, 1}).find("1 of the 3 that failed were not counted"),
              std::string::npos);
    EXPECT_EQ(a_sharp_timeout_of_20_s().findings().at(0).note, "");
}

TEST(estimate, calls_ends_at_widely_different_ages_no_timeout)
{
    notes seen;
    for (const auto age : {100s, 250s, 330s, 355s, 358s, 359s})
        seen.add(age, outcome::delivered);
    for (const auto age : {300s, 310s, 325s, 340s, 350s, 360s})
        seen.add(age, outcome::closed);
    const auto found = seen.findings();
    EXPECT_EQ(found.at(0).kind, finding_kind::spread);
    EXPECT_LE(found.at(0).low.value_or(0s), 300s);
}

TEST(estimate, takes_ends_told_a_little_early_for_the_same_timeout)
{
    notes seen;
    for (const auto age : {2000ms, 4000ms, 4'999ms})
        seen.add(age, outcome::delivered);
    for (const auto age : {4'900ms, 5'001ms, 5'003ms})
        seen.add(age, outcome::closed);
    const auto found = seen.findings();
    EXPECT_EQ(found.at(0).kind, finding_kind::timeout);
    EXPECT_EQ(found.at(0).low, 4'900ms);
}

TEST(estimate, believes_a_reset_at_once)
{
    const auto found = notes{}.add(60s, outcome::delivered).add(61s, outcome::reset).findings();
    EXPECT_EQ(found[0].kind, finding_kind::timeout);
    EXPECT_EQ(found[0].high, 61s);
    EXPECT_EQ(found[0].after_expiry, expiry::reset);
}

TEST(estimate, is_inconclusive_when_all_is_void)
{
    const auto found = notes{}.add(60s, outcome::voided).findings();
    EXPECT_EQ(found[0].kind, finding_kind::inconclusive);
    EXPECT_FALSE(found[0].low);
    EXPECT_EQ(found[0].confidence, 0);
}

TEST(estimate, tells_the_directions_of_a_loose_firewall_apart)
{
    auto seen = a_sharp_timeout_of_20_s();
    for (const auto age : {10s, 30s, 60s})
        seen.add(age, outcome::delivered, to_server);
    const auto found = seen.findings();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].kind, finding_kind::timeout);
    EXPECT_EQ(found[1].kind, finding_kind::none);
    EXPECT_EQ(found[1].low, 60s);
}

TEST(estimate, lets_strata_of_one_timeout_vouch_for_each_other)
{
    auto seen = a_sharp_timeout_of_20_s();
    seen.add(19s, outcome::delivered, to_server).add(21s, outcome::lost, to_server);
    const auto found = seen.findings();
    EXPECT_EQ(found[1].kind, finding_kind::timeout);
    EXPECT_EQ(found[1].low, 19'900ms);
}

TEST(estimate, calls_what_was_revived_late)
{
    notes seen;
    seen.add(10s, outcome::delivered).add(21s, outcome::late).add(22s, outcome::late);
    EXPECT_EQ(seen.findings()[0].after_expiry, expiry::late);
}

}  // namespace
}  // namespace deadair::estimate
