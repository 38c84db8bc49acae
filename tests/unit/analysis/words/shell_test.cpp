#include "analysis/words/shell.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <vector>

namespace deadair {
namespace {

std::string said_by_a_shell(const std::string& line)
{
    struct close {
        void operator()(FILE* pipe) const { ::pclose(pipe); }
    };
    const std::unique_ptr<FILE, close> pipe{::popen(("printf '%s|' " + line).c_str(), "r")};
    std::string said;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get()))
        said += static_cast<char>(c);
    return said;
}

TEST(a_shell_word, is_left_alone_where_a_shell_would_leave_it)
{
    for (const auto* word : {"echo.example:7443", "--db", "a/b_c-1.db", "sha256:0f", "5%"})
        EXPECT_EQ(shell_word(word), word);
}

TEST(a_shell_word, means_itself_to_a_shell)
{
    const std::vector<std::string> words{
        "",      "two words",   "it's",       "$(reboot)", "`reboot`",  "a;b",       "a  b",  "*",
        "~root", "back\\slash", "\"quoted\"", "#none",     "!history!", "a&b|c>d<e", "{a,b}", "-n"};
    std::string all;
    for (const auto& each : words)
        all += each + "|";
    EXPECT_EQ(said_by_a_shell(shell_line(words)), all);
}

}  // namespace
}  // namespace deadair
