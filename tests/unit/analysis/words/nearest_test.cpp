#include "analysis/words/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace deadair {
namespace {

constexpr std::array<std::string_view, 5> names{"nginx", "node-http", "node-ws", "haproxy",
                                                "python-requests"};

TEST(nearest, a_typing_slip_finds_its_name)
{
    EXPECT_EQ(nearest("ngnix", names), std::vector<std::string_view>{"nginx"});
    EXPECT_EQ(nearest("HAproxi", names), std::vector<std::string_view>{"haproxy"});
}

TEST(nearest, part_of_a_name_finds_all_that_hold_it)
{
    EXPECT_EQ(nearest("node", names), (std::vector<std::string_view>{"node-http", "node-ws"}));
    EXPECT_EQ(nearest("requests", names), std::vector<std::string_view>{"python-requests"});
}

TEST(nearest, a_word_of_a_name_may_be_a_few_letters_off)
{
    EXPECT_EQ(nearest("reqeusts", names), std::vector<std::string_view>{"python-requests"});
}

TEST(nearest, nothing_alike_gives_nothing)
{
    EXPECT_TRUE(nearest("cobol", names).empty());
    EXPECT_TRUE(nearest("", names).empty());
    EXPECT_EQ(did_you_mean("cobol", names), "");
}

TEST(nearest, gives_no_more_than_asked_for)
{
    EXPECT_EQ(nearest("n", names, 2).size(), 2U);
}

TEST(did_you_mean, joins_the_names_as_a_sentence_does)
{
    EXPECT_EQ(did_you_mean("ngnix", names), " (did you mean nginx?)");
    EXPECT_EQ(did_you_mean("node", names), " (did you mean node-http or node-ws?)");
    EXPECT_EQ(did_you_mean("n", names), " (did you mean nginx, node-http or node-ws?)");
}

}  // namespace
}  // namespace deadair
