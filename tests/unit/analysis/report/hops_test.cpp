#include "analysis/report/hops.hpp"

#include <gtest/gtest.h>

namespace deadair::report {
namespace {

using namespace std::chrono_literals;

// this host - 192.0.2.1 - nobody - 203.0.113.2 - server
store::hops_found found(std::vector<store::box> boxes)
{
    store::hops_found all;
    all.way = {{.number = 1, .address = "192.0.2.1"},
               {.number = 2},
               {.number = 3, .address = "203.0.113.2"},
               {.number = 4, .address = "198.51.100.2", .server = true}};
    all.boxes = std::move(boxes);
    all.verdict.emplace();
    return all;
}

store::box box_at(int nearest, int farthest)
{
    return {.nearest = nearest,
            .farthest = farthest,
            .low = 7950ms,
            .high = 8050ms,
            .seen_from = refresh_side::both};
}

std::string place(int nearest, int farthest)
{
    const auto all = found({box_at(nearest, farthest)});
    return place_in_words(all.boxes.front(), all);
}

TEST(hops_report, names_places_as_far_as_they_are_known)
{
    EXPECT_EQ(place(2, 2), "the box at hop 1 (192.0.2.1)");
    EXPECT_EQ(place(4, 4), "the box at hop 2 (which gives no address)");
    EXPECT_EQ(place(1, 1), "one that does not show itself between this host and hop 1 (192.0.2.1)");
    EXPECT_EQ(place(5, 6),
              "the box at hop 3 (203.0.113.2), or one that does not show itself between hops 2 "
              "and 3");
    EXPECT_EQ(place(2, 3),
              "the box at hop 1 (192.0.2.1), or one that does not show itself between hops 1 "
              "and 2");
    EXPECT_NE(place(7, 7).find("or the server's own"), std::string::npos);
    EXPECT_EQ(place(3, 6), "one between hop 1 (192.0.2.1) and hop 3 (203.0.113.2)");
}

TEST(hops_report, says_which_forgets_or_why_that_cannot_be_told)
{
    EXPECT_EQ(hops_answer({}), "");
    EXPECT_EQ(hops_answer(found({box_at(2, 2)})),
              "The box at hop 1 (192.0.2.1) forgets after 8 s.");
    auto untold = found({});
    untold.verdict->untold = "nothing died";
    EXPECT_EQ(hops_answer(untold), "Which box forgets cannot be told: nothing died.");
    EXPECT_EQ(hops_json({}), "null");
}

TEST(hops_report, puts_it_on_our_side_only_where_both_ways_are_one)
{
    auto all = found({box_at(2, 2)});
    all.verdict->control_endpoint = "other.example:7443";
    all.verdict->control = store::control_path::forgets;
    all.verdict->control_shared_hops = 1;
    EXPECT_NE(control_answer(all).find("on your side"), std::string::npos);
    all.verdict->control_shared_hops = 0;
    EXPECT_EQ(control_answer(all).find("on your side"), std::string::npos);
    all.verdict->control = store::control_path::lives;
    EXPECT_EQ(control_answer(all),
              "Only this path forgets: the one to other.example:7443 does not.");
}

}  // namespace
}  // namespace deadair::report
