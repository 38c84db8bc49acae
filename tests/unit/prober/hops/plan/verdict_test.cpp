#include "prober/hops/plan/verdict.hpp"

#include <gtest/gtest.h>

#include "tests/unit/prober/hops/plan/row_of_boxes.hpp"

namespace deadair::hops_plan {
namespace {

constexpr nanoseconds forever = 1h;

plan plan_for(const row_of_boxes& row, nanoseconds timeout, bool from_server = true)
{
    return {.on = {},
            .server_hop = row.server_hop(),
            .timeout_low = timeout - 100ms,
            .timeout_high = timeout + 100ms,
            .from_server = from_server};
}

verdict judged(std::vector<simulated_box> boxes, nanoseconds timeout, bool from_server = true,
               double loss = 0, unsigned seed = 1)
{
    row_of_boxes row{std::move(boxes), loss, seed};
    const auto of = plan_for(row, timeout, from_server);
    EXPECT_FALSE(refuse(of)) << *refuse(of);
    return judge(of, row.run(of));
}

std::vector<simulated_box> boxes(std::size_t count, std::size_t which, simulated_box box)
{
    std::vector<simulated_box> all(count);
    all[which] = box;
    return all;
}

TEST(verdict, names_the_box_wherever_it_stands)
{
    for (std::size_t count = 1; count <= 14; ++count)
        for (std::size_t which = 0; which < count; ++which) {
            const auto said = judged(boxes(count, which, {.timeout = 8s}), 8s);
            const int hop = static_cast<int>(which) + 1;
            ASSERT_EQ(said.boxes.size(), 1U) << count << " " << which << " " << said.untold;
            EXPECT_EQ(said.boxes[0].where, (stretch{2 * hop, 2 * hop})) << count << " " << which;
            EXPECT_EQ(said.boxes[0].seen_from, refresh_side::both);
            EXPECT_EQ(said.boxes[0].remark, "");
            EXPECT_LT(said.boxes[0].low, 8s);
            EXPECT_GT(said.boxes[0].high, 8s);
        }
}

TEST(verdict, leaves_room_for_what_does_not_show_itself_when_one_end_alone_tells)
{
    for (std::size_t which = 0; which < 3; ++which) {
        const auto said = judged(boxes(3, which, {.timeout = 8s}), 8s, false);
        const int hop = static_cast<int>(which) + 1;
        ASSERT_EQ(said.boxes.size(), 1U);
        EXPECT_EQ(said.boxes[0].where, (stretch{2 * hop - 1, 2 * hop}));
        EXPECT_EQ(said.boxes[0].seen_from, refresh_side::client);
    }
}

TEST(verdict, finds_what_does_not_lower_the_time_to_live_between_two_hops)
{
    for (std::size_t which = 0; which < 4; ++which) {
        const auto said = judged(boxes(4, which, {.timeout = 8s, .bridge = true}), 8s);
        const int before = 2 * static_cast<int>(which) + 1;
        ASSERT_EQ(said.boxes.size(), 1U) << which << said.untold;
        EXPECT_EQ(said.boxes[0].where, (stretch{before, before})) << which;
    }
}

TEST(verdict, tells_two_boxes_apart_in_either_order)
{
    for (std::size_t first = 0; first < 4; ++first)
        for (std::size_t second = 0; second < 4; ++second) {
            if (first == second)
                continue;
            std::vector<simulated_box> row(4);
            row[first].timeout = 8s;
            row[second].timeout = 14s;
            auto said = judged(row, 8s);
            ASSERT_EQ(said.boxes.size(), 2U) << first << " " << second << said.untold;
            std::ranges::sort(said.boxes, {}, &box::low);
            EXPECT_EQ(said.boxes[0].where.farthest, 2 * static_cast<int>(first) + 2);
            EXPECT_EQ(said.boxes[0].seen_from, refresh_side::both);
            const int hop = static_cast<int>(second) + 1;
            const auto where = said.boxes[1].where;
            EXPECT_TRUE(where == (stretch{2 * hop - 1, 2 * hop}) ||
                        where == (stretch{2 * hop, 2 * hop + 1}))
                << where.nearest << " " << where.farthest;
            EXPECT_LT(said.boxes[1].low, 14s);
            EXPECT_GE(said.boxes[1].high, 14s);
            EXPECT_LT(said.boxes[1].high - said.boxes[1].low, 2500ms);
        }
}

TEST(verdict, names_the_nearest_and_the_farthest_of_several_alike)
{
    std::vector<simulated_box> row(5);
    row[0].timeout = row[3].timeout = 8s;
    const auto said = judged(row, 8s);
    ASSERT_EQ(said.boxes.size(), 2U) << said.untold;
    EXPECT_EQ(said.boxes[0].where, (stretch{2, 3}));
    EXPECT_EQ(said.boxes[1].where, (stretch{7, 8}));
    EXPECT_GE(said.boxes[0].high, 10s);  // which of them has the timeout is not known
}

TEST(verdict, allows_for_a_box_that_takes_no_notice_of_what_ends_there)
{
    const auto said = judged(boxes(4, 1, {.timeout = 8s, .drops_first = true}), 8s);
    ASSERT_EQ(said.boxes.size(), 2U);
    EXPECT_NE(said.boxes[1].remark.find("or both are one at hop 2"), std::string::npos)
        << said.boxes[1].remark;
    const auto alone = judged(boxes(4, 1, {.timeout = 8s, .drops_first = true}), 8s, false);
    ASSERT_EQ(alone.boxes.size(), 1U);
    EXPECT_NE(alone.boxes[0].remark.find("or the one at hop 2"), std::string::npos)
        << alone.boxes[0].remark;
}

TEST(verdict, tells_nothing_where_keepalives_do_not_count)
{
    const auto said = judged(boxes(3, 1, {.timeout = 8s, .counts_keepalive = false}), 8s);
    EXPECT_TRUE(said.boxes.empty());
    EXPECT_NE(said.untold.find("takes no notice"), std::string::npos) << said.untold;
}

TEST(verdict, claims_no_second_box_where_one_counts_the_words_of_one_end_alone)
{
    for (const bool client : {true, false}) {
        auto one = simulated_box{.timeout = 8s};
        (client ? one.counts_server : one.counts_client) = false;
        const auto said = judged(boxes(4, 1, one), 8s);
        ASSERT_EQ(said.boxes.size(), 2U) << said.untold;
        // The one that is there, and one that need not be.
        EXPECT_NE(said.boxes[client ? 0 : 1].remark.find("or there is none"), std::string::npos);
        const auto& there = said.boxes[client ? 1 : 0].where;
        EXPECT_TRUE(there.nearest <= 4 && 4 <= there.farthest);
        const auto alone = judged(boxes(4, 1, one), 8s, false);
        EXPECT_EQ(alone.boxes.empty(), !client);
        EXPECT_EQ(alone.untold.empty(), client) << alone.untold;
    }
}

TEST(verdict, tells_nothing_where_silent_connections_live)
{
    const auto said = judged(boxes(3, 1, {.timeout = forever}), 8s);
    EXPECT_NE(said.untold.find("nothing forgot by then"), std::string::npos) << said.untold;
}

TEST(verdict, names_no_wrong_box_on_a_path_that_loses_packets)
{
    int exact = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const auto which = seed % 3;
        const auto said = judged(boxes(3, which, {.timeout = 8s}), 8s, true, 0.05, seed);
        const int there = 2 * static_cast<int>(which) + 2;
        for (const auto& each : said.boxes)
            EXPECT_TRUE(each.where.nearest <= there && there <= each.where.farthest)
                << seed << ": " << each.where.nearest << " " << each.where.farthest;
        exact += said.boxes.size() == 1 && said.boxes[0].where == stretch{there, there} ? 1 : 0;
    }
    EXPECT_GE(exact, 190);
}

TEST(verdict, does_not_place_a_box_where_ways_of_different_length_mix)
{
    // Every other connection takes a way that is one hop longer before the box.
    row_of_boxes shorter{boxes(4, 1, {.timeout = 8s})};
    row_of_boxes longer{boxes(4, 2, {.timeout = 8s})};
    const auto of = plan_for(shorter, 8s);
    const auto one = shorter.run(of);
    const auto other = longer.run(of);
    std::vector<seen> mixed;
    for (std::size_t i = 0; i < one.size(); ++i)
        mixed.push_back(i % 2 == 0 ? one[i] : other[i]);
    const auto said = judge(of, mixed);
    for (const auto& each : said.boxes)
        EXPECT_TRUE(each.where.nearest < each.where.farthest);
}

}  // namespace
}  // namespace deadair::hops_plan
