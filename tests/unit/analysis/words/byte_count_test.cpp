#include "analysis/words/byte_count.hpp"

#include <gtest/gtest.h>

namespace deadair {
namespace {

TEST(byte_count, reads_what_people_write)
{
    EXPECT_EQ(parse_byte_count("64kB"), 64'000U);
    EXPECT_EQ(parse_byte_count("64KB"), 64'000U);
    EXPECT_EQ(parse_byte_count("64KiB"), 65'536U);
    EXPECT_EQ(parse_byte_count("1.5MB"), 1'500'000U);
    EXPECT_EQ(parse_byte_count("1000000"), 1'000'000U);
    EXPECT_EQ(parse_byte_count("1000GB"), 1'000'000'000'000U);
}

TEST(byte_count, refuses_the_rest)
{
    for (const auto* text :
         {"", "kB", "0", "-1kB", "1001GB", "10 MB", "10mb", "ten", "1e400", "nan"})
        EXPECT_FALSE(parse_byte_count(text)) << text;
}

TEST(byte_count, is_written_short)
{
    EXPECT_EQ(format_byte_count(999), "999 B");
    EXPECT_EQ(format_byte_count(64'000), "64 kB");
    EXPECT_EQ(format_byte_count(1'234'567), "1.23 MB");
    EXPECT_EQ(format_byte_count(10e6), "10 MB");
    EXPECT_EQ(format_byte_count(2.5e9), "2.5 GB");
}

}  // namespace
}  // namespace deadair
