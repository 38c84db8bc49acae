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
    for (int i = 0; i < 70; ++i)
        text += first + "\n";
    EXPECT_EQ(parse_tokens(text).error, "more than 64 tokens");
}

TEST(token, is_found_by_its_digits_and_by_nothing_else)
{
    const auto list = parse_tokens(first + "\n" + second + "\n");
    EXPECT_EQ(find_token(list.tokens, second), &list.tokens[1]);
    EXPECT_EQ(find_token(list.tokens, std::string(64, 'b')), nullptr);
    EXPECT_EQ(find_token(list.tokens, ""), nullptr);
}

}  // namespace
}  // namespace deadair::wire
