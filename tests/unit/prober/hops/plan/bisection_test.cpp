#include "prober/hops/plan/bisection.hpp"

#include <gtest/gtest.h>

#include <iterator>

#include "prober/hops/plan/verdict.hpp"
#include "tests/unit/prober/hops/plan/row_of_boxes.hpp"

namespace deadair::hops_plan {
namespace {

constexpr auto timeout = 8s;

plan few_for(int server_hop, bool from_server = true)
{
    plan of{.on = {},
            .server_hop = server_hop,
            .timeout_low = timeout - 100ms,
            .timeout_high = timeout + 100ms,
            .from_server = from_server};
    of.connections = bisection_least(of);
    return of;
}

row_of_boxes row_with(int hops, int which, double loss = 0, unsigned seed = 1)
{
    std::vector<simulated_box> boxes(static_cast<std::size_t>(hops));
    boxes[static_cast<std::size_t>(which - 1)].timeout = timeout;
    return row_of_boxes{std::move(boxes), loss, seed};
}

std::vector<seen> both_rounds(row_of_boxes row, const plan& of)
{
    auto all = row.run(of);
    if (const auto more = second_round(of, all); !more.empty())
        std::ranges::copy(row.run(of, more), std::back_inserter(all));
    return all;
}

TEST(bisection, names_the_box_wherever_it_stands_with_few_connections)
{
    for (int hops = 1; hops <= 29; ++hops)
        for (int which = 1; which <= hops; ++which) {
            const auto of = few_for(hops + 1);
            ASSERT_FALSE(refuse(of)) << *refuse(of);
            const auto all = both_rounds(row_with(hops, which), of);
            EXPECT_LE(all.size(), of.connections);
            const auto said = judge(of, all);
            ASSERT_EQ(said.boxes.size(), 1U) << hops << " " << which << " " << said.untold;
            EXPECT_EQ(said.boxes[0].where, (stretch{2 * which, 2 * which})) << hops << " " << which;
        }
}

TEST(bisection, names_it_from_one_end_as_well)
{
    // The last box before the server cannot be told from one that counts only what is answered.
    for (int which = 1; which < 9; ++which) {
        const auto of = few_for(10, false);
        const auto said = judge(of, both_rounds(row_with(9, which), of));
        ASSERT_EQ(said.boxes.size(), 1U) << which << " " << said.untold;
        EXPECT_EQ(said.boxes[0].where, (stretch{2 * which - 1, 2 * which})) << which;
    }
}

TEST(bisection, accuses_no_other_box_on_a_path_that_loses_packets)
{
    // Of each link, so that of nine together some 5 % are lost, and of three some 15 %.
    struct {
        int hops;
        double loss;
    } const paths[] = {{9, 0.005}, {3, 0.05}};
    for (const auto& [hops, loss] : paths)
        for (unsigned seed = 1; seed <= 200; ++seed) {
            const int which = 1 + static_cast<int>(seed) % hops;
            const auto of = few_for(hops + 1);
            const auto all = both_rounds(row_with(hops, which, loss, seed), of);
            for (const auto& each : judge(of, all).boxes) {
                EXPECT_LE(each.where.nearest, 2 * which) << hops << " " << seed;
                EXPECT_GE(each.where.farthest, 2 * which) << hops << " " << seed;
            }
        }
}

TEST(bisection, takes_two_rounds_of_one_age_and_is_none_with_enough)
{
    auto of = few_for(15);
    for (const auto& each : first_round(of))
        EXPECT_EQ(each.age, age_first(of));
    EXPECT_EQ(age_last(of), age_first(of));
    EXPECT_LT(of.connections, 50U);
    of.connections = 100;
    EXPECT_FALSE(is_bisected(of));
    EXPECT_TRUE(second_round(of, {}).empty());
}

}  // namespace
}  // namespace deadair::hops_plan
