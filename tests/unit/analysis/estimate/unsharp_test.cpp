// Expiry that is not sharp, and sharp expiry that must not be taken for it.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "analysis/estimate/estimate.hpp"
#include "tests/unit/analysis/estimate/notes.hpp"

namespace deadair::estimate {
namespace {

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
