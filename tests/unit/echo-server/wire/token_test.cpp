#include "echo-server/wire/token.hpp"

#include <gtest/gtest.h>

namespace deadair::wire {
namespace {

const std::string first(64, 'a');
const std::string second(64, '5');

TEST(token, files_hold_names_comments_and_empty_lines)
{
    const auto list = parse_tokens("# ours\n\n" + first + "\r\nteam b\t" + second + "  # theirs\n");
    ASSERT_EQ(list.error, "");
    ASSERT_EQ(list.tokens.size(), 2U);
    EXPECT_EQ(list.tokens[0].name, "token-3");
    EXPECT_EQ(list.tokens[1].name, "team b");
    EXPECT_EQ(to_hex(list.tokens[1].secret), second);
}

TEST(token, errors_name_the_line)
{
    EXPECT_EQ(parse_tokens(first + "\nnonsense\n").error,
              "line 2: a token is 64 hexadecimal digits, after an optional name");
    EXPECT_EQ(parse_tokens("a " + first + "\na " + second).error, "line 2: the name 'a' is taken");
    EXPECT_EQ(parse_tokens("# nothing\n").error, "there is no token in it");
}

TEST(token, files_of_endless_tokens_are_refused)
{
    std::string text;
    for (int i = 10; i < 80; ++i)
        text += std::to_string(i) + first.substr(2) + "\n";
    EXPECT_EQ(parse_tokens(text).error, "more than 64 tokens");
}

TEST(token, that_stands_in_a_file_twice_counts_once_under_its_first_name)
{
    const auto list = parse_tokens("a " + first + "\nb " + second + "\nc " + first + "\n");
    ASSERT_EQ(list.error, "");
    ASSERT_EQ(list.tokens.size(), 2U);
    EXPECT_EQ(list.tokens[0].name, "a");
}

TEST(token, is_its_digits_and_nothing_else)
{
    EXPECT_TRUE(same_secret(*parse_secret(first), *parse_secret(first)));
    EXPECT_FALSE(same_secret(*parse_secret(first), *parse_secret(second)));
    EXPECT_FALSE(same_secret(*parse_secret(first), {}));
    EXPECT_FALSE(parse_secret(""));
}

}  // namespace
}  // namespace deadair::wire
