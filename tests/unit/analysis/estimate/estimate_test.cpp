#include "analysis/estimate/estimate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

constexpr stratum to_client{.on = {.kind = transport::wss}, .way = direction::to_client};
constexpr stratum to_server{.on = {.kind = transport::wss}, .way = direction::to_server};

/// Writes observations down, each on a connection of its own.
class notes {
public:
    notes& add(nanoseconds age, outcome result, const stratum& where = to_client)
    {
        observation one;
        one.where = where;
        one.connection_id = ++last_;
        one.idle_age = age;
        one.result = result;
        one.unanswered = result == outcome::lost ? 4 : 1;
        seen_.push_back(one);
        return *this;
    }
    std::vector<observation>& all() { return seen_; }
    std::vector<finding> findings() const { return estimate(seen_, {}); }

private:
    std::vector<observation> seen_;
    std::uint32_t last_{};
};

notes a_sharp_timeout_of_20_s()
{
    notes seen;
    for (const auto age : {5s, 10s, 15s, 19s})
        seen.add(age, outcome::delivered);
    seen.add(19'900ms, outcome::delivered);
    for (const auto age : {20'050ms, 20'100ms, 21'000ms, 25'000ms})
        seen.add(age, outcome::lost);
    return seen;
}

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

TEST(estimate, calls_a_ramp_a_spread_and_starts_it_below_the_first_loss)
{
    std::mt19937 random{7};
    notes seen;
    for (int i = 0; i < 120; ++i) {
        const auto age = 200s + i * 1s;
        const auto expiry_at = 240s + std::chrono::seconds{random() % 40};
        seen.add(age, age < expiry_at ? outcome::delivered : outcome::lost);
    }
    const auto found = seen.findings();
    EXPECT_EQ(found[0].kind, finding_kind::spread);
    EXPECT_GE(*found[0].low, 190s);  // below the first loss: its lower tail may be thin
    EXPECT_LE(*found[0].low, 240s);
    EXPECT_GE(*found[0].high, 275s);
    EXPECT_LT(*found[0].low, *found[0].high);
}

/// Connections that are let idle twice to the same ages, from 100 s to 300 s.
notes idle_twice(const std::function<bool(std::uint32_t connection, nanoseconds age)>& lives)
{
    notes seen;
    for (int silence = 0; silence < 2; ++silence)
        for (std::uint32_t i = 1; i <= 100; ++i) {
            observation one;
            one.where = to_client;
            one.connection_id = i;
            one.local_port = static_cast<std::uint16_t>(40'000 + 7 * i);
            one.idle_age = 100s + (i % 100) * 2s;
            one.settled_at = silence * 1h + std::chrono::seconds{i};
            one.result = lives(i, one.idle_age) ? outcome::delivered : outcome::lost;
            one.unanswered = one.result == outcome::lost ? 4 : 1;
            seen.all().push_back(one);
        }
    return seen;
}

TEST(estimate, names_the_timeouts_of_a_mixture_by_source_port)
{
    auto seen = idle_twice([](std::uint32_t connection, nanoseconds age) {
        return age < (connection % 2 == 0 ? 150s : 280s);
    });
    // Two that are known to have the longer one idle on to the end.
    for (const std::size_t which : {40U, 50U}) {
        auto last = seen.all()[which];
        last.idle_age = 290s;
        last.settled_at = 3h;
        last.result = outcome::lost;
        last.unanswered = 4;
        seen.all().push_back(last);
    }
    const auto found = seen.findings();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].kind, finding_kind::mixture);
    EXPECT_LE(*found[0].low, 150s);
    EXPECT_GE(*found[0].high, 150s);
    EXPECT_LE(*found[1].low, 280s);
    EXPECT_GE(*found[1].high, 280s);
    EXPECT_NEAR(found[0].share, 0.5, 0.1);
    EXPECT_NEAR(found[0].share + found[1].share, 1, 1e-9);
    EXPECT_NE(found[0].note.find("even source ports have the shorter one"), std::string::npos)
        << found[0].note;
}

TEST(estimate, calls_what_is_drawn_anew_for_each_silence_a_spread)
{
    std::mt19937 random{3};
    const auto found = idle_twice([&](std::uint32_t, nanoseconds age) {
                           return age < 150s + std::chrono::seconds{random() % 100};
                       }).findings();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, finding_kind::spread);
    EXPECT_NE(found[0].note.find("drawn anew"), std::string::npos) << found[0].note;
}

TEST(estimate, does_not_split_a_spread_into_sharp_strata)
{
    notes seen;
    for (const auto& where : {to_client, to_server})
        for (int i = 0; i < 30; ++i)
            seen.add(100s + i * 5s, i < 18 ? outcome::delivered : outcome::lost, where);
    seen.add(181s, outcome::lost, to_client).add(182s, outcome::lost, to_server);
    for (const auto& each : seen.findings())
        EXPECT_EQ(each.kind, finding_kind::spread);
}

TEST(estimate, rarely_takes_a_sharp_timeout_with_packet_loss_for_a_spread)
{
    int wrong = 0;
    constexpr int runs = 400;
    for (unsigned seed = 0; seed < runs; ++seed) {
        std::mt19937 random{seed};
        notes seen;
        for (int i = 0; i < 120; ++i) {
            const auto age = std::chrono::milliseconds{1000 + random() % 39'000};
            const bool stray = random() % 1000 == 0;
            seen.add(age, age < 20s && !stray ? outcome::delivered : outcome::lost);
        }
        wrong += seen.findings()[0].kind == finding_kind::timeout ? 0 : 1;
    }
    EXPECT_LE(wrong, runs / 100);
}

TEST(estimate, holds_the_truth_under_packet_loss)
{
    int held = 0;
    constexpr int runs = 300;
    for (unsigned seed = 0; seed < runs; ++seed) {
        std::mt19937 random{1000 + seed};
        notes seen;
        for (int i = 0; i < 60; ++i) {
            const auto age = std::chrono::milliseconds{15'000 + random() % 10'000};
            unsigned unanswered = 0;
            while (unanswered < 4 && random() % 20 == 0)
                ++unanswered;
            seen.add(age, age < 20s && unanswered < 4 ? outcome::delivered : outcome::lost);
        }
        const auto found = estimate(seen.all(), {.packet_loss = 0.05});
        held += *found[0].low < 20s && *found[0].high >= 20s ? 1 : 0;
    }
    EXPECT_GE(held, runs - 1);
}

}  // namespace
}  // namespace deadair::estimate
