#include "prober/planner/part.hpp"

#include <gtest/gtest.h>

#include <set>

namespace deadair::planner {
namespace {

TEST(phase, has_a_word_of_its_own_each)
{
    std::set<std::string_view> words;
    for (int each = 0; each <= static_cast<int>(phase::finished); ++each)
        words.insert(to_string(static_cast<phase>(each)));
    EXPECT_EQ(words, (std::set<std::string_view>{"opening", "searching", "confirming", "verifying",
                                                 "keepalive test", "age test", "finished"}));
}

}  // namespace
}  // namespace deadair::planner
