#include "analysis/recommend/middleboxes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "analysis/recommend/middleboxes_data.hpp"

namespace deadair::recommend {
namespace {

using namespace std::chrono_literals;
using estimate::expiry;
using estimate::finding;
using estimate::finding_kind;

constexpr std::chrono::year_month today{2026y / 11};

finding died(nanoseconds at, expiry how, direction way = direction::to_server,
             transport kind = transport::tls)
{
    finding found;
    found.where = {.on = {.kind = kind}, .way = way};
    found.kind = finding_kind::timeout;
    found.idle_timeout = at;
    found.low = at - 250ms;
    found.high = at + 250ms;
    found.after_expiry = how;
    return found;
}

finding survived(nanoseconds longest, refresh by = refresh::none)
{
    finding found;
    found.where = {.on = {.kind = transport::tls},
                   .way = direction::to_server,
                   .how = {by, refresh_side::none}};
    found.kind = finding_kind::none;
    found.low = longest;
    return found;
}

fit fit_of(std::string_view id, const finding& found, std::optional<bool> counts = {})
{
    const auto one = judged(id, found, counts);
    EXPECT_TRUE(one) << id;
    return one ? one->how : fit::excluded;
}

bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

TEST(middleboxes, every_line_of_the_data_reads_and_has_an_id_of_its_own)
{
    std::set<std::string_view> ids;
    for (const auto& box : middleboxes()) {
        EXPECT_TRUE(ids.insert(box.id).second) << box.id;
        EXPECT_LE(box.shortest, box.longest) << box.id;
        EXPECT_GE(box.step, 1s) << box.id;
    }
    EXPECT_GT(ids.size(), 70U);
}

TEST(middleboxes, a_default_value_lies_within_what_can_be_set)
{
    for (const auto& box : middleboxes())
        for (const auto& value : box.default_timeout)
            if (value && box.settable) {
                EXPECT_GE(*value, box.shortest) << box.id;
                EXPECT_LE(*value, box.longest) << box.id;
                EXPECT_EQ(*value % box.step, 0s) << box.id;
            }
}

TEST(middleboxes, what_is_older_than_a_year_is_said_with_its_age)
{
    EXPECT_EQ(age_in_words(2026y / 11, today), "");
    EXPECT_EQ(age_in_words(2025y / 11, today), "");
    EXPECT_EQ(age_in_words(2025y / 10, today), ", as of 2025, a year ago");
    EXPECT_EQ(age_in_words(2012y / 1, today), ", as of 2012, 14 years ago");
    EXPECT_EQ(age_in_words({}, today), ", of unknown date");
    const auto asa = expect("cisco-asa", died(3600s, expiry::silent), true, today);
    EXPECT_TRUE(holds(asa->sentence, "1 h, silent, 9.1, as of 2012, 14 years ago; measured"))
        << asa->sentence;
}

TEST(middleboxes, the_fault_of_flow_offload_is_a_candidate_of_its_own_at_300_s)
{
    EXPECT_EQ(fit_of("linux-flow-offload", died(300s, expiry::silent)), fit::as_shipped);
    EXPECT_EQ(fit_of("azure-load-balancer", died(5940s, expiry::silent)), fit::if_configured);
}

TEST(middleboxes, a_reset_after_350_s_is_what_aws_nat_gateway_does)
{
    const auto found = died(350s, expiry::reset);
    EXPECT_EQ(fit_of("aws-nat-gateway", found), fit::as_shipped);
    EXPECT_EQ(fit_of("azure-load-balancer", found), fit::excluded);
    const auto sentence = candidate_sentence(found, {}, today);
    EXPECT_TRUE(holds(sentence, "350 s with a reset: consistent with AWS NAT Gateway")) << sentence;
    EXPECT_TRUE(holds(sentence, "excluded: Azure Load Balancer (240 s, silent)")) << sentence;
}

TEST(middleboxes, aws_nat_gateway_resets_its_own_side_only)
{
    EXPECT_EQ(fit_of("aws-nat-gateway", died(350s, expiry::silent)), fit::excluded);
    EXPECT_EQ(fit_of("aws-nat-gateway", died(350s, expiry::silent, direction::to_client)),
              fit::as_shipped);
}

TEST(middleboxes, directions_with_timeouts_of_their_own_are_told_apart)
{
    EXPECT_EQ(fit_of("gcp-cloud-nat", died(600s, expiry::silent, direction::to_client)),
              fit::as_shipped);
    EXPECT_EQ(fit_of("gcp-cloud-nat", died(1200s, expiry::silent, direction::to_server)),
              fit::as_shipped);
    EXPECT_EQ(fit_of("gcp-cloud-nat", died(600s, expiry::silent, direction::to_server)),
              fit::if_configured);
}

TEST(middleboxes, a_timer_set_in_minutes_cannot_be_350_s)
{
    EXPECT_EQ(fit_of("azure-load-balancer", died(350s, expiry::silent)), fit::excluded);
    EXPECT_EQ(fit_of("azure-load-balancer", died(360s, expiry::silent)), fit::if_configured);
    EXPECT_EQ(fit_of("azure-load-balancer", died(1860s, expiry::silent)), fit::if_configured);
    EXPECT_EQ(fit_of("azure-load-balancer", died(6180s, expiry::silent)), fit::excluded);
}

TEST(middleboxes, an_ending_that_can_be_configured_is_not_excluded)
{
    EXPECT_EQ(fit_of("azure-load-balancer", died(240s, expiry::silent)), fit::as_shipped);
    EXPECT_EQ(fit_of("azure-load-balancer", died(240s, expiry::reset)), fit::if_configured);
    EXPECT_EQ(fit_of("azure-load-balancer", died(240s, expiry::closed)), fit::excluded);
}

TEST(middleboxes, a_documented_late_expiry_still_agrees)
{
    EXPECT_EQ(fit_of("docker-desktop", died(325s, expiry::closed)), fit::as_shipped);
    EXPECT_NE(fit_of("f5-big-ip", died(325s, expiry::reset)), fit::as_shipped);
}

TEST(middleboxes, http_proxies_are_no_candidates_for_plain_tls)
{
    const auto tls = died(60s, expiry::closed);
    const auto wss = died(60s, expiry::closed, direction::to_client, transport::wss);
    const auto lists = [](const finding& found) {
        const auto all = candidates(found, {});
        return std::ranges::find(all, "aws-application-load-balancer", &candidate::id) != all.end();
    };
    EXPECT_FALSE(lists(tls));
    EXPECT_TRUE(lists(wss));
    EXPECT_EQ(fit_of("aws-application-load-balancer", wss), fit::as_shipped);
    EXPECT_EQ(fit_of("aws-application-load-balancer", tls), fit::excluded);
}

TEST(middleboxes, keepalive_that_counts_excludes_products_where_it_does_not)
{
    const auto found = died(60s, expiry::closed);
    EXPECT_EQ(fit_of("aws-classic-load-balancer", found, true), fit::excluded);
    EXPECT_EQ(fit_of("aws-classic-load-balancer", found, false), fit::as_shipped);
    EXPECT_EQ(fit_of("aws-classic-load-balancer", found, {}), fit::as_shipped);
}

TEST(middleboxes, what_only_users_report_is_not_given_as_a_fact)
{
    const auto found = died(900s, expiry::silent);
    const auto sentence = candidate_sentence(found, {}, today);
    const auto reported = sentence.find("reported by users, not by the vendor");
    ASSERT_NE(reported, std::string::npos) << sentence;
    EXPECT_GT(sentence.find("SonicWall"), reported) << sentence;
    EXPECT_TRUE(holds(expect("sonicwall-6", found, {}, today)->sentence, "reported 15 min"));
}

TEST(middleboxes, surviving_excludes_the_shorter_defaults_and_names_no_candidate)
{
    const auto found = survived(2h);
    EXPECT_EQ(fit_of("aws-nat-gateway", found), fit::excluded);
    EXPECT_EQ(fit_of("azure-load-balancer", found), fit::if_configured);
    EXPECT_EQ(fit_of("linux-conntrack", found), fit::as_shipped);
    const auto sentence = candidate_sentence(found, {}, today);
    EXPECT_TRUE(holds(sentence, "nothing expired up to 2 h: excluded: AWS NAT Gateway"))
        << sentence;
    EXPECT_FALSE(holds(sentence, "consistent")) << sentence;
}

TEST(middleboxes, an_inconclusive_finding_says_nothing)
{
    const finding found;
    EXPECT_TRUE(candidates(found, {}).empty());
    EXPECT_EQ(candidate_sentence(found, {}, today), "");
    EXPECT_EQ(standards_sentence(found), "");
    EXPECT_FALSE(expect("aws-nat-gateway", found, {}, today));
}

TEST(middleboxes, the_best_fit_comes_first)
{
    const auto all = candidates(died(3600s, expiry::silent), true);
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &candidate::how));
    EXPECT_EQ(all.front().id, "palo-alto");
}

TEST(expect, holds_the_documentation_against_the_measurement)
{
    const auto agrees = expect("aws-nat-gateway", died(350s, expiry::reset), true, today);
    ASSERT_TRUE(agrees);
    EXPECT_TRUE(agrees->agrees);
    EXPECT_TRUE(holds(agrees->sentence,
                      "documented 350 s, reset on the next packet; measured 350 s "
                      "with a reset to_server: they agree (AWS VPC User Guide"))
        << agrees->sentence;

    const auto differs = expect("aws-nat-gateway", died(900s, expiry::silent), true, today);
    ASSERT_TRUE(differs);
    EXPECT_FALSE(differs->agrees);
    EXPECT_TRUE(holds(differs->sentence, "it cannot be set to 15 min, its ending differs"))
        << differs->sentence;
}

TEST(expect, does_not_know_every_product)
{
    EXPECT_FALSE(expect("aws-nat", died(350s, expiry::reset), {}, today));
}

TEST(standards, less_than_2_h_4_min_is_said_to_be_less)
{
    EXPECT_TRUE(
        holds(standards_sentence(died(350s, expiry::reset)), "2 h 4 min at least: 350 s is less"));
    EXPECT_TRUE(holds(standards_sentence(died(7440s, expiry::silent)), "kept here"));
    EXPECT_TRUE(holds(standards_sentence(survived(1h)), "not contradicted here"));
    EXPECT_TRUE(holds(standards_sentence(survived(3h)), "kept here"));
}

TEST(middlebox_sentences, the_same_finding_is_said_once_and_the_standard_at_the_end)
{
    const std::vector found{died(350s, expiry::silent, direction::to_server, transport::tcp),
                            died(350s, expiry::silent, direction::to_server, transport::tls),
                            died(60s, expiry::closed, direction::to_server, transport::wss)};
    const auto lines = middlebox_sentences(found, today);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_TRUE(lines[0].starts_with("350 s in silence")) << lines[0];
    EXPECT_TRUE(lines[1].starts_with("60 s with an orderly close")) << lines[1];
    EXPECT_TRUE(holds(lines[2], "60 s is less")) << lines[2];
}

TEST(middlebox_sentences, what_one_direction_excludes_is_no_candidate_of_both)
{
    const std::vector found{died(350s, expiry::silent, direction::to_client),
                            died(350s, expiry::silent, direction::to_server)};
    const auto lines = middlebox_sentences(found, today);
    ASSERT_EQ(lines.size(), 2U);
    const auto excluded = lines[0].find("excluded: ");
    EXPECT_GT(lines[0].find("AWS NAT Gateway"), excluded) << lines[0];
}

TEST(expect, judges_each_direction_of_a_run)
{
    const std::vector found{died(350s, expiry::silent, direction::to_client),
                            died(350s, expiry::silent, direction::to_server),
                            died(350s, expiry::silent, direction::to_server)};
    const auto judged = expect("aws-nat-gateway", found, today);
    ASSERT_EQ(judged.size(), 2U);
    EXPECT_TRUE(judged[0].agrees);
    EXPECT_FALSE(judged[1].agrees);
    EXPECT_TRUE(expect("aws-nat-gateway", std::vector<finding>{}, today).empty());
}

}  // namespace
}  // namespace deadair::recommend
