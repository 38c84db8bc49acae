#include "prober/planner/numbering.hpp"

#include <gtest/gtest.h>

#include "analysis/words/assertion.hpp"

namespace deadair::planner {
namespace {

TEST(a_numbering, gives_all_parts_one_sequence_and_knows_whose_each_is)
{
    numbering all{100};
    EXPECT_EQ(all.give({0, 1}), 100U);
    EXPECT_EQ(all.give({2, 1}), 101U);
    EXPECT_EQ(all.give({0, 2}), 102U);
    EXPECT_EQ(all.of({2, 1}), 101U);
    EXPECT_EQ(all.of({0, 2}), 102U);
    EXPECT_EQ(all.whose(101).part, 2U);
    EXPECT_EQ(all.whose(102).own, 2U);
}

TEST(a_numbering, stops_the_run_when_a_part_begins_one_thing_twice)
{
    numbering all{1};
    all.give({0, 1});
    EXPECT_THROW(all.give({0, 1}), broken_assumption);
    EXPECT_THROW(all.give({0, 3}), broken_assumption);
}

TEST(a_numbering, stops_the_run_when_it_is_asked_of_what_nobody_began)
{
    numbering all{10};
    all.give({0, 1});
    EXPECT_THROW(all.whose(9), broken_assumption);
    EXPECT_THROW(all.whose(11), broken_assumption);
    EXPECT_THROW(all.of({0, 2}), broken_assumption);
    EXPECT_THROW(all.of({0, 0}), broken_assumption);
    EXPECT_THROW(all.of({1, 1}), broken_assumption);
}

}  // namespace
}  // namespace deadair::planner
