#include "echo-server/wire/first_bytes.hpp"

#include <gtest/gtest.h>

namespace deadair::wire {
namespace {

buffer head(std::size_t record, std::size_t message)
{
    buffer made;
    writer{made}
        .number(std::uint8_t{0x16})
        .number(std::uint16_t{0x0301})
        .number(static_cast<std::uint16_t>(record))
        .number(static_cast<std::uint32_t>((std::size_t{1} << 24) | message));
    return made;
}

TEST(first_bytes, tell_what_a_peer_speaks)
{
    EXPECT_EQ(opening_of(std::byte{0x16}), opening::tls);
    EXPECT_EQ(opening_of(std::byte{'G'}), opening::http);
    EXPECT_EQ(opening_of(std::byte{'d'}), opening::frames);
    EXPECT_EQ(opening_of(std::byte{0}), opening::unknown);
}

TEST(first_bytes, give_the_size_of_a_tls_record_with_its_header)
{
    EXPECT_EQ(first_record_size(head(250, 246), 8192), 255U);
}

TEST(first_bytes, refuse_a_hello_that_announces_more_than_it_may_have)
{
    EXPECT_FALSE(first_record_size(head(100, 131'072), 8192));
    EXPECT_FALSE(first_record_size(head(8193, 100), 8192));
    EXPECT_TRUE(first_record_size(head(8192, 8192), 8192));
}

}  // namespace
}  // namespace deadair::wire
