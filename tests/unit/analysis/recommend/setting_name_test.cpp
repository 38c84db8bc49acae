#include "analysis/recommend/setting_name.hpp"

#include <gtest/gtest.h>

namespace deadair::recommend {
namespace {

TEST(setting_name, is_read_back_from_its_word)
{
    for (int each = 0; each <= static_cast<int>(setting_name::heartbeat); ++each) {
        const auto name = static_cast<setting_name>(each);
        EXPECT_EQ(parse_setting_name(to_string(name)), name);
    }
    EXPECT_EQ(to_string(setting_name::idle_reconnect), "idle_reconnect");
    EXPECT_FALSE(parse_setting_name("idle_reconnect_s"));
    EXPECT_FALSE(parse_setting_name(""));
}

}  // namespace
}  // namespace deadair::recommend
