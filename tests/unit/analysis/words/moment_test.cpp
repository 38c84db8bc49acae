#include "analysis/words/moment.hpp"

#include <gtest/gtest.h>

namespace deadair {
namespace {

using namespace std::chrono_literals;

TEST(moment, is_read_and_written_to_the_millisecond)
{
    const auto at = since_epoch("2026-01-31T12:00:00.250Z");
    ASSERT_TRUE(at);
    EXPECT_EQ(utc_text(*at), "2026-01-31 12:00:00.250 UTC");
    EXPECT_EQ(utc_text(*at + 86'399s + 999ms), "2026-02-01 12:00:00.249 UTC");
    EXPECT_EQ(since_epoch("2026-01-31T12:00:00Z"), *at - 250ms);
    EXPECT_FALSE(since_epoch("yesterday"));
}

}  // namespace
}  // namespace deadair
