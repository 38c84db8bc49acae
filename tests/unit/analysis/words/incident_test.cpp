#include "analysis/words/incident.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace deadair {
namespace {

TEST(incident_kind, is_read_back_from_its_word_and_stands_in_the_words_order)
{
    std::string_view before;
    for (int each = 0; each <= static_cast<int>(incident_kind::upload_failed); ++each) {
        const auto kind = static_cast<incident_kind>(each);
        EXPECT_EQ(parse_incident_kind(to_string(kind)), kind);
        EXPECT_LT(before, to_string(kind));
        before = to_string(kind);
    }
    EXPECT_EQ(to_string(incident_kind::clock_set), "clock_set");
    EXPECT_FALSE(parse_incident_kind("weather"));
}

TEST(blame, is_read_back_from_its_word)
{
    for (int each = 0; each <= static_cast<int>(blame::this_host); ++each)
        EXPECT_EQ(parse_blame(to_string(static_cast<blame>(each))), static_cast<blame>(each));
    EXPECT_FALSE(parse_blame("nobody"));
}

}  // namespace
}  // namespace deadair
