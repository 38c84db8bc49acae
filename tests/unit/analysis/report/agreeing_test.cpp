#include "analysis/report/agreeing.hpp"

#include <gtest/gtest.h>

#include "analysis/report/results.hpp"

namespace deadair::report {
namespace {

using namespace std::chrono_literals;
using estimate::finding;
using estimate::finding_kind;

finding a_timeout(transport kind, direction way, nanoseconds low = 19'800ms)
{
    finding one;
    one.where = {.on = {.server_port = 7443, .kind = kind}, .way = way};
    one.kind = finding_kind::timeout;
    one.low = low;
    one.high = low + 400ms;
    one.idle_timeout = low + 200ms;
    one.confidence = 0.9999;
    one.after_expiry = estimate::expiry::silent;
    one.delivered = 5;
    one.not_delivered = 15;
    return one;
}

std::vector<finding> four()
{
    return {a_timeout(transport::tls, direction::to_client),
            a_timeout(transport::tls, direction::to_server),
            a_timeout(transport::wss, direction::to_client),
            a_timeout(transport::wss, direction::to_server)};
}

TEST(agreeing, strata_are_one_line)
{
    const auto groups = agreeing_of(four());
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].name, "all four: tls, wss to_client, to_server");
    EXPECT_EQ(groups[0].one.delivered, 20U);
    EXPECT_EQ(groups[0].one.not_delivered, 60U);
}

TEST(agreeing, says_of_the_answer_that_all_are_alike)
{
    EXPECT_TRUE(answer(four()).ends_with("; all four alike.")) << answer(four());
}

TEST(agreeing, leaves_apart_what_differs)
{
    auto found = four();
    found[3] = a_timeout(transport::wss, direction::to_server, 5s);
    const auto groups = agreeing_of(found);
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].name, "tls to_client; tls to_server; wss to_client");
    EXPECT_EQ(groups[1].name, "wss to_server");
}

TEST(agreeing, names_ports_and_families_only_where_there_are_several)
{
    auto found = four();
    found[0].where.on.server_port = 443;
    EXPECT_NE(agreeing_of(found)[0].name.find("port 443"), std::string::npos);
}

TEST(agreeing, every_line_of_the_table_fits_a_narrow_terminal)
{
    for (const std::size_t width : {std::size_t{40}, std::size_t{80}, std::size_t{120}}) {
        const auto text = findings_table(four(), width);
        std::size_t begins = 0;
        for (auto end = text.find('\n'); end != std::string::npos;
             begins = end + 1, end = text.find('\n', begins))
            EXPECT_LE(end - begins, width) << text;
    }
}

TEST(agreeing, the_settings_that_most_programs_have_are_a_sentence)
{
    std::vector<recommend::recommendation> settings{
        {recommend::setting_name::tcp_keepalive_idle, 7, "s", false, ""},
        {recommend::setting_name::tcp_keepalive_count, 5, "count", false, ""},
        {recommend::setting_name::websocket_ping_interval, 6, "s", false, ""},
        {recommend::setting_name::idle_reconnect, 18, "s", false, ""}};
    EXPECT_EQ(settings_in_words(settings),
              "TCP keepalive after 7 s, WebSocket ping every 6 s, reuse no connection idle for "
              "18 s.");
    settings[0].low_confidence = true;
    EXPECT_EQ(settings_in_words(settings),
              "TCP keepalive after 7 s (not tried), WebSocket ping every 6 s, reuse no connection "
              "idle for 18 s.");
    for (auto& each : settings)
        each.low_confidence = true;
    EXPECT_EQ(settings_in_words(settings),
              "TCP keepalive after 7 s, WebSocket ping every 6 s, reuse no connection idle for "
              "18 s (on thin evidence).");
    EXPECT_EQ(settings_in_words({}), "No setting follows from it yet.");
}

}  // namespace
}  // namespace deadair::report
