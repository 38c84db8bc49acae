#include "analysis/estimate/asked.hpp"

#include <gtest/gtest.h>

namespace deadair::estimate {
namespace {

using namespace std::chrono_literals;

stratum silent(transport kind, direction way)
{
    return {.on = {.server_port = 7443, .kind = kind}, .way = way};
}

finding survivor(transport kind, direction way, nanoseconds low)
{
    finding one;
    one.where = silent(kind, way);
    one.kind = finding_kind::none;
    one.low = low;
    one.delivered = 1;
    return one;
}

asked both_ways()
{
    return {.strata = {silent(transport::wss, direction::to_client),
                       silent(transport::wss, direction::to_server)},
            .idle_max = 2h,
            .ended_in_order = false};
}

TEST(asked, strata_that_nobody_probed_are_rows_that_say_so)
{
    std::vector found{survivor(transport::wss, direction::to_client, 5s)};
    add_unmeasured(found, both_ways());
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].where, silent(transport::wss, direction::to_server));
    EXPECT_TRUE(is_unmeasured(found[1]));
    EXPECT_FALSE(is_unmeasured(found[0]));
    EXPECT_NE(found[1].note.find("not measured"), std::string::npos);
}

TEST(asked, an_answer_that_is_as_likely_wrong_as_right_leaves_the_run_open)
{
    auto odd = survivor(transport::wss, direction::to_client, 5s);
    odd.kind = finding_kind::timeout;
    odd.high = 6s;
    odd.note = "1 of 300 probes ended too early";
    odd.confidence = 0.5;
    std::vector found{odd, survivor(transport::wss, direction::to_server, 2h)};
    EXPECT_EQ(still_open(found, both_ways()),
              "wss to_client port 7443 ipv4: 1 of 300 probes ended too early");
    found[0].confidence = 0.98;
    EXPECT_EQ(still_open(found, both_ways()), "");
}

finding gone_by(nanoseconds high)
{
    auto one = survivor(transport::tls, direction::to_client, high - 20ms);
    one.kind = finding_kind::timeout;
    one.high = high;
    one.idle_timeout = high - 10ms;
    return one;
}

// The kernel asks after a whole second at the earliest: nothing can be tried, and nothing is said.
TEST(asked, a_keepalive_that_cannot_be_tried_says_why)
{
    std::vector found{gone_by(990ms)};
    const asked wanted{.strata = {found[0].where},
                       .refreshes = {{refresh::tcp_keepalive, refresh_side::client},
                                     {refresh::ws_ping, refresh_side::client},
                                     {refresh::data, refresh_side::client}},
                       .idle_max = 2h};
    add_unmeasured(found, wanted);
    ASSERT_EQ(found.size(), 3U);  // no ping: TLS has none
    EXPECT_EQ(found[1].where.how.by, refresh::tcp_keepalive);
    EXPECT_EQ(found[1].kind, finding_kind::inconclusive);
    EXPECT_EQ(found[1].note,
              "cannot be tried: silent connections are gone after 990 ms, and keepalive's shortest "
              "interval is 1 s");
    EXPECT_EQ(found[2].where.how.by, refresh::data);
    EXPECT_NE(found[2].note.find("not tried"), std::string::npos) << found[2].note;
}

// The rest is an answer.
TEST(asked, what_cannot_be_reached_is_left_out_with_its_reason)
{
    std::vector found{survivor(transport::tls, direction::to_client, 2h)};
    const auto other = silent(transport::wss, direction::to_client);
    const asked wanted{.strata = {found[0].where, other},
                       .unreachable = {{other.on, "the server refused it"}},
                       .idle_max = 2h};
    add_unmeasured(found, wanted);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].note, "not measured: no connection could be opened: the server refused it");
    EXPECT_EQ(still_open(found, wanted), "");
}

TEST(asked, a_refresh_is_not_missed_where_nothing_expires)
{
    std::vector found{survivor(transport::tls, direction::to_client, 2h)};
    add_unmeasured(found, {.strata = {found[0].where},
                           .refreshes = {{refresh::data, refresh_side::client}},
                           .idle_max = 2h});
    EXPECT_EQ(found.size(), 1U);
}

TEST(asked, nothing_expired_yet_is_no_answer_before_all_was_tried)
{
    std::vector found{survivor(transport::wss, direction::to_client, 5s)};
    add_unmeasured(found, both_ways());
    EXPECT_EQ(survived_so_far(found, both_ways()), 5s);
    EXPECT_EQ(still_open(found, both_ways()),
              "nothing has expired yet, after 5 s of silence: run on until 2 h; not measured: wss "
              "to_server port 7443 ipv4");
}

// Every silence was broken by packets of neither end: that is the answer, and no missing probe.
TEST(asked, what_has_a_reason_is_told_and_not_missed)
{
    std::vector found{survivor(transport::wss, direction::to_client, 5s)};
    found[0].kind = finding_kind::inconclusive;
    found[0].low.reset();
    found[0].delivered = 0;
    found[0].note = "silences were broken";
    found[0].why = explanation::disturbed;
    const asked wanted{.strata = {found[0].where}, .idle_max = 2h};
    EXPECT_FALSE(is_unmeasured(found[0]));
    EXPECT_EQ(still_open(found, wanted), "silences were broken");
}

TEST(asked, all_that_was_to_be_tried_leaves_nothing_open)
{
    const std::vector found{survivor(transport::wss, direction::to_client, 2h - 10s),
                            survivor(transport::wss, direction::to_server, 2h)};
    EXPECT_EQ(still_open(found, both_ways()), "");
}

TEST(asked, a_run_that_ended_in_order_has_tried_what_there_was_to_try)
{
    auto wanted = both_ways();
    wanted.idle_max = 3s;
    wanted.ended_in_order = true;
    const std::vector found{survivor(transport::wss, direction::to_client, 2850ms),
                            survivor(transport::wss, direction::to_server, 2850ms)};
    EXPECT_EQ(still_open(found, wanted), "");
}

TEST(asked, an_expiry_answers_for_those_that_outlived_it)
{
    auto gone = survivor(transport::wss, direction::to_client, 20s);
    gone.kind = finding_kind::timeout;
    gone.high = 21s;
    gone.not_delivered = 10;
    const std::vector found{gone, survivor(transport::wss, direction::to_server, 60s)};
    EXPECT_FALSE(survived_so_far(found, both_ways()));
    EXPECT_EQ(still_open(found, both_ways()), "");
}

TEST(asked, without_options_only_the_end_of_the_run_tells)
{
    const std::vector found{survivor(transport::wss, direction::to_client, 5s)};
    EXPECT_FALSE(survived_so_far(found, {}));
    EXPECT_EQ(survived_so_far(found, {.strata = {}, .idle_max = {}, .ended_in_order = false}), 5s);
}

}  // namespace
}  // namespace deadair::estimate
