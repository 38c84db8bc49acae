#include "analysis/recommend/requirement.hpp"

#include <gtest/gtest.h>

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

finding died(nanoseconds low, nanoseconds high)
{
    finding one;
    one.kind = finding_kind::timeout;
    one.low = low;
    one.high = high;
    one.idle_timeout = (low + high) / 2;
    one.after_expiry = estimate::expiry::silent;
    one.confidence = 0.999;
    one.delivered = 20;
    return one;
}

finding survived(nanoseconds longest)
{
    finding one;
    one.where.way = direction::to_server;
    one.kind = finding_kind::none;
    one.low = longest;
    one.confidence = 1;
    one.delivered = 20;
    return one;
}

bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

TEST(idle_timeout_at_least, is_met_by_what_was_survived)
{
    const std::vector found{died(1799s, 1801s), survived(1h)};
    EXPECT_EQ(idle_timeout_at_least(found, 20min).how, compliance::met);
    EXPECT_EQ(idle_timeout_at_least(found, 1799s).how, compliance::met);
}

TEST(idle_timeout_at_least, is_not_met_by_what_the_client_alone_survived)
{
    const std::vector found{survived(1h)};
    const auto judged = idle_timeout_at_least(found, 20min);
    EXPECT_EQ(judged.how, compliance::inconclusive);
    EXPECT_TRUE(holds(judged.sentence, "what the server says first")) << judged.sentence;
    EXPECT_EQ(judged.rerun, "");
    EXPECT_EQ(
        setting_at_least(found, recommend(found, {}), setting_name::tcp_keepalive_idle, 60s).how,
        compliance::inconclusive);
}

TEST(idle_timeout_at_least, is_not_met_by_a_probe_that_tells_next_to_nothing)
{
    auto one = died(1799s, 1801s);
    one.confidence = 0.5;
    const auto judged = idle_timeout_at_least(std::vector{one}, 20min);
    EXPECT_EQ(judged.how, compliance::inconclusive);
    EXPECT_TRUE(holds(judged.sentence, "a confidence of 50 % only")) << judged.sentence;
    one.confidence = 0.99;
    EXPECT_EQ(idle_timeout_at_least(std::vector{one}, 20min).how, compliance::met);
}

TEST(idle_timeout_at_least, is_not_met_by_the_stratum_that_dies_first)
{
    const std::vector found{survived(2h), died(899s, 901s)};
    const auto judged = idle_timeout_at_least(found, 30min);
    EXPECT_EQ(judged.how, compliance::not_met);
    EXPECT_TRUE(holds(judged.sentence, "to_client")) << judged.sentence;
    EXPECT_TRUE(holds(judged.sentence, "less than 30 min")) << judged.sentence;
}

TEST(idle_timeout_at_least, is_open_where_nobody_tried_and_says_what_to_run)
{
    const auto judged = idle_timeout_at_least(std::vector{survived(20min)}, 30min);
    EXPECT_EQ(judged.how, compliance::inconclusive);
    EXPECT_EQ(judged.rerun, "--max-idle 1820s");
    EXPECT_EQ(idle_timeout_at_least(std::vector{died(1799s, 1801s)}, 30min).how,
              compliance::inconclusive);
    EXPECT_EQ(idle_timeout_at_least({}, 30min).how, compliance::inconclusive);
}

TEST(idle_timeout_at_least, is_not_met_when_some_die_earlier)
{
    auto spread = died(20min, 40min);
    spread.kind = finding_kind::spread;
    EXPECT_EQ(idle_timeout_at_least(std::vector{spread}, 30min).how, compliance::not_met);
}

TEST(setting_at_least, holds_the_recommended_value_against_what_is_asked)
{
    const std::vector found{died(900s, 901s)};
    const auto settings = recommend(found, {});
    const auto ask = [&](nanoseconds wanted) {
        return setting_at_least(found, settings, setting_name::tcp_keepalive_idle, wanted);
    };
    EXPECT_EQ(ask(60s).how, compliance::met);
    EXPECT_EQ(ask(1h).how, compliance::not_met);
    EXPECT_TRUE(holds(ask(1h).sentence, "tcp_keepalive_idle is 445 s, less than 1 h"))
        << ask(1h).sentence;
    EXPECT_EQ(setting_at_least({}, settings, setting_name::tcp_keepalive_idle, 60s).how,
              compliance::inconclusive);
}

TEST(setting_at_least, is_not_met_by_a_setting_that_is_in_vain)
{
    auto in_vain = died(100s, 101s);
    in_vain.where.how.by = refresh::tcp_keepalive;
    in_vain.where.how.from = refresh_side::client;
    const std::vector found{died(100s, 101s), in_vain};
    const auto judged =
        setting_at_least(found, recommend(found, {}), setting_name::tcp_keepalive_idle, 10s);
    EXPECT_EQ(judged.how, compliance::not_met);
    EXPECT_TRUE(holds(judged.sentence, "did not keep the binding alive")) << judged.sentence;
}

TEST(unchanged, tells_a_change_from_a_gap)
{
    const std::vector before{died(19s, 21s), survived(60s)};
    const std::vector changed{died(5s, 6s), survived(60s)};
    const std::vector less{died(20s, 21s)};
    EXPECT_EQ(unchanged(before, before).how, compliance::met);
    EXPECT_EQ(unchanged(before, changed).how, compliance::not_met);
    const auto gap = unchanged(before, less);
    EXPECT_EQ(gap.how, compliance::inconclusive);
    EXPECT_EQ(gap.rerun, "--transport tls --direction to_server");
}

TEST(consistent_with, judges_by_the_worst_direction)
{
    auto reset = died(349s, 351s);
    reset.where.way = direction::to_server;
    reset.after_expiry = estimate::expiry::reset;
    EXPECT_EQ(consistent_with("aws-nat-gateway", std::vector{reset, died(349s, 351s)},
                              std::chrono::year{2026} / 11)
                  .how,
              compliance::met);
    EXPECT_EQ(
        consistent_with("azure-load-balancer", std::vector{reset}, std::chrono::year{2026} / 11)
            .how,
        compliance::not_met);
    EXPECT_EQ(consistent_with("aws-nat-gateway", {}, std::chrono::year{2026} / 11).how,
              compliance::inconclusive);
}

}  // namespace
}  // namespace deadair::recommend
