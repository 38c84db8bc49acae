#include "analysis/report/export.hpp"

#include <gtest/gtest.h>

#include "analysis/report/openmetrics.hpp"

namespace deadair::report {
namespace {

using namespace std::chrono_literals;
using store::cell;

TEST(csv, quotes_only_what_would_break_a_line)
{
    const std::vector<cell> row{std::int64_t{3}, 19.98, std::monostate{}, std::string{"plain"},
                                std::string{"a, \"b\"\nc"}};
    EXPECT_EQ(csv_line(row), "3,19.98,,plain,\"a, \"\"b\"\"\nc\"\n");
    const std::vector<cell> empty_first{std::monostate{}, std::int64_t{1}};
    EXPECT_EQ(csv_line(empty_first), ",1\n");
}

TEST(json_lines, carry_the_names_of_the_table)
{
    const std::vector<std::string> names{"run_id", "low_s", "note"};
    const std::vector<cell> row{std::int64_t{3}, 19.98, std::monostate{}};
    EXPECT_EQ(json_line(names, row), "{\"run_id\": 3, \"low_s\": 19.98, \"note\": null}\n");
}

store::run a_run()
{
    store::run one;
    one.label = "a \"b\" \\ c\nd";
    one.server_endpoint = "echo:7443";
    return one;
}

TEST(openmetrics, gives_gauges_in_seconds_and_an_end)
{
    estimate::finding found;
    found.kind = estimate::finding_kind::timeout;
    found.low = 19s;
    found.idle_timeout = 20s;
    found.high = 21s;
    const std::vector<recommend::recommendation> settings{
        {recommend::setting_name::tcp_keepalive_idle, 9, "s", false, ""},
        {recommend::setting_name::tcp_keepalive_count, 6, "count", false, ""},
        {recommend::setting_name::max_connection_age, std::nullopt, "s", false, ""}};
    const auto text = openmetrics(a_run(), {&found, 1}, settings);
    EXPECT_NE(text.find("# TYPE deadair_idle_timeout_seconds gauge\n"
                        "# UNIT deadair_idle_timeout_seconds seconds\n"),
              std::string::npos);
    EXPECT_NE(text.find("label=\"a \\\"b\\\" \\\\ c\\nd\""), std::string::npos) << text;
    EXPECT_NE(text.find("part=\"1\"} 20\n"), std::string::npos) << text;
    EXPECT_NE(text.find("setting=\"tcp_keepalive_idle\"} 9\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("max_connection_age"), std::string::npos);
    EXPECT_TRUE(text.ends_with("# EOF\n"));
}

TEST(openmetrics, tells_the_values_of_a_mixture_apart)
{
    estimate::finding found;
    found.kind = estimate::finding_kind::mixture;
    found.idle_timeout = 20s;
    const std::vector both{found, found};
    const auto text = openmetrics(a_run(), both, {});
    EXPECT_NE(text.find("part=\"1\"} 20\n"), std::string::npos);
    EXPECT_NE(text.find("part=\"2\"} 20\n"), std::string::npos);
}

TEST(openmetrics, has_no_heading_without_a_figure)
{
    EXPECT_EQ(openmetrics(a_run(), {}, {}).find("deadair_idle"), std::string::npos);
}

}  // namespace
}  // namespace deadair::report
