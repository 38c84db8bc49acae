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

TEST(asked, nothing_expired_yet_is_no_answer_before_all_was_tried)
{
    std::vector found{survivor(transport::wss, direction::to_client, 5s)};
    add_unmeasured(found, both_ways());
    EXPECT_EQ(survived_so_far(found, both_ways()), 5s);
    EXPECT_EQ(still_open(found, both_ways()),
              "nothing has expired yet, after 5 s of silence: run on until 2 h; not measured: wss "
              "to_server port 7443 ipv4");
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
