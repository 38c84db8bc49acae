#include "analysis/report/box_change.hpp"

#include <gtest/gtest.h>

namespace deadair::report {
namespace {

using namespace std::chrono_literals;

// this host - 192.0.2.1 - 203.0.113.2 - server
store::hops_found with_box_at(int hop, nanoseconds timeout)
{
    store::hops_found all;
    all.way = {{.number = 1, .address = "192.0.2.1"},
               {.number = 2, .address = "203.0.113.2"},
               {.number = 3, .address = "198.51.100.2", .server = true}};
    all.boxes = {{.nearest = 2 * hop,
                  .farthest = 2 * hop,
                  .low = timeout - 50ms,
                  .high = timeout + 50ms,
                  .seen_from = refresh_side::both}};
    all.verdict.emplace();
    return all;
}

store::hops_found that_tell_nothing()
{
    store::hops_found all;
    all.verdict.emplace();
    all.verdict->untold = "nothing died";
    return all;
}

TEST(box_change, is_another_box_or_another_time_of_the_same)
{
    const auto before = with_box_at(2, 8s);
    EXPECT_EQ(change_of_box(before, with_box_at(2, 8s)), "same_box");
    EXPECT_FALSE(box_changed(before, with_box_at(2, 8s + 80ms)));
    EXPECT_EQ(hops_compared(before, with_box_at(2, 8s)),
              "The box at hop 2 (203.0.113.2) forgets, before and after.");

    EXPECT_EQ(change_of_box(before, with_box_at(2, 5s)), "same_box");
    EXPECT_TRUE(box_changed(before, with_box_at(2, 5s)));
    EXPECT_EQ(hops_compared(before, with_box_at(2, 5s)),
              "The box at hop 2 (203.0.113.2) has changed: it forgot after 8 s and forgets after "
              "5 s.");

    EXPECT_EQ(change_of_box(before, with_box_at(1, 5s)), "another_box");
    EXPECT_TRUE(box_changed(before, with_box_at(1, 5s)));
    EXPECT_EQ(hops_compared(before, with_box_at(1, 5s)),
              "Another box forgets: before it was the box at hop 2 (203.0.113.2), after 8 s; after "
              "it is the box at hop 1 (192.0.2.1), after 5 s.");
}

// Two next to each other look like one between them: it may be the one that was there before.
TEST(box_change, is_in_doubt_where_what_is_between_may_be_two)
{
    auto after = with_box_at(2, 4s);
    after.boxes[0].nearest = after.boxes[0].farthest = 3;
    EXPECT_EQ(change_of_box(with_box_at(2, 6s), after), "another_box");

    after.boxes[0].remark = "or two boxes, at hops 1 and 2";
    EXPECT_EQ(change_of_box(with_box_at(2, 6s), after), "untold");
    EXPECT_TRUE(box_changed(with_box_at(2, 6s), after));
    EXPECT_FALSE(box_changed(with_box_at(2, 4s), after));
    EXPECT_EQ(hops_compared(with_box_at(2, 6s), after),
              "Another box forgets, or the same one: before it was the box at hop 2 (203.0.113.2), "
              "after 6 s; after it is one that does not show itself between hop 1 (192.0.2.1) and "
              "hop 2 (203.0.113.2) (or two boxes, at hops 1 and 2), after 3.95 s to 4.05 s.");
}

TEST(box_change, looks_at_the_box_that_forgets_first)
{
    auto two = with_box_at(2, 8s);
    two.boxes.insert(two.boxes.begin(), with_box_at(1, 14s).boxes.front());
    EXPECT_FALSE(box_changed(with_box_at(2, 8s), two));
}

TEST(box_change, says_when_the_way_is_another)
{
    auto after = with_box_at(1, 5s);
    after.way[0].address = "192.0.2.9";
    EXPECT_NE(hops_compared(with_box_at(2, 8s), after).find("the way is another"),
              std::string::npos);
}

TEST(box_change, is_none_where_nobody_can_tell)
{
    EXPECT_EQ(change_of_box(with_box_at(2, 8s), that_tell_nothing()), "untold");
    EXPECT_FALSE(box_changed(with_box_at(2, 8s), that_tell_nothing()));
    EXPECT_FALSE(box_changed({}, with_box_at(2, 8s)));
    EXPECT_EQ(hops_compared({}, {}), "");
    EXPECT_NE(hops_compared({}, with_box_at(2, 8s)).find("cannot be told"), std::string::npos);
}

}  // namespace
}  // namespace deadair::report
