#include "analysis/report/comparison.hpp"

#include <gtest/gtest.h>

namespace deadair::report {
namespace {

using namespace std::chrono_literals;

compared_run a_run(nanoseconds around, const char* label)
{
    compared_run one;
    one.file = "results.db";
    one.run.label = label;
    estimate::finding found;
    found.kind = estimate::finding_kind::timeout;
    found.idle_timeout = around;
    found.low = around - 1s;
    found.high = around + 1s;
    one.findings = {found};
    return one;
}

TEST(comparison, says_how_many_strata_differ)
{
    const auto page = plain_text(comparison(a_run(20s, "vm"), a_run(60s, "laptop")));
    EXPECT_NE(page.find("1 of 1 strata that both runs measured differ"), std::string::npos) << page;
    EXPECT_NE(page.find("DIFFERS"), std::string::npos);
}

TEST(comparison, sees_no_difference_within_the_intervals)
{
    const auto page = plain_text(comparison(a_run(20s, "vm"), a_run(21s, "laptop")));
    EXPECT_NE(page.find("No finding differs"), std::string::npos) << page;
}

TEST(comparison, says_when_nothing_is_in_common)
{
    auto other = a_run(20s, "laptop");
    other.findings[0].where.way = direction::to_server;
    EXPECT_NE(plain_text(comparison(a_run(20s, "vm"), other)).find("nothing in common"),
              std::string::npos);
}

compared_run on_a_path(double lost, nanoseconds round_trip)
{
    auto one = a_run(20s, "vm");
    one.path.retransmitted = path_quality::share{lost * 5000, 5000};
    one.path.round_trips.assign(9, round_trip);
    return one;
}

TEST(comparison, holds_the_quality_of_the_paths_side_by_side)
{
    const auto page = plain_text(comparison(on_a_path(0.01, 20ms), on_a_path(0.05, 20ms)));
    EXPECT_NE(page.find("Quality of the path"), std::string::npos) << page;
    EXPECT_NE(page.find("1 %"), std::string::npos) << page;
    EXPECT_NE(page.find("5 %"), std::string::npos) << page;
    EXPECT_NE(page.find("DIFFERS"), std::string::npos) << page;
    EXPECT_NE(page.find("no difference beyond chance"), std::string::npos) << page;
    const auto text = comparison_json(on_a_path(0.01, 20ms), on_a_path(0.05, 60ms));
    EXPECT_NE(text.find("{\"figure\": \"retransmitted_share\", \"before\": 0.01, \"after\": 0.05, "
                        "\"change\": \"differs\"}"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("{\"figure\": \"round_trip_s\", \"before\": 0.02, \"after\": 0.06, "
                        "\"change\": \"differs\"}"),
              std::string::npos)
        << text;
}

TEST(comparison, says_that_a_path_is_not_known)
{
    EXPECT_NE(plain_text(comparison(a_run(20s, "vm"), a_run(20s, "laptop")))
                  .find("Neither run recorded figures of its path."),
              std::string::npos);
}

TEST(comparison, gives_json_the_tables_names)
{
    const auto text = comparison_json(a_run(20s, "vm"), a_run(60s, "laptop"));
    EXPECT_NE(text.find("\"change\": \"differs\""), std::string::npos) << text;
    EXPECT_NE(text.find("\"idle_timeout_s\": 60"), std::string::npos);
}

}  // namespace
}  // namespace deadair::report
