#include "echo-server/wire/key_shares.hpp"

#include <gtest/gtest.h>

namespace deadair::wire {
namespace {

struct share {
    std::uint16_t group{};
    std::uint16_t size{};
};

// @param shares  with a key as long as each says, unless `cut` takes bytes off the end
buffer extension(std::initializer_list<share> shares, std::size_t cut = 0)
{
    buffer made;
    writer to{made};
    to.number<std::uint16_t>(0);  // of the whole list; OpenSSL holds it against the rest
    for (const auto& each : shares) {
        to.number(each.group).number(each.size);
        made.resize(made.size() + each.size);
    }
    made.resize(made.size() - cut);
    return made;
}

bool taken(const buffer& shares)
{
    return has_key_share(shares, key_groups);
}

TEST(key_shares, of_a_group_that_is_taken_may_stand_anywhere_in_the_list)
{
    EXPECT_TRUE(taken(extension({{.group = 0x001d, .size = 32}})));
    EXPECT_TRUE(taken(extension({{.group = 0x11ec, .size = 1216}, {.group = 0x001d, .size = 32}})));
    EXPECT_TRUE(taken(extension({{.group = 0x7a7a, .size = 1}, {.group = 0x0017, .size = 65}})));
}

TEST(key_shares, of_other_groups_alone_are_none)
{
    EXPECT_FALSE(taken(extension({})));
    EXPECT_FALSE(taken(extension({{.group = 0x0100, .size = 256}, {.group = 0x001e, .size = 56}})));
}

TEST(key_shares, that_are_cut_short_are_read_no_further_than_there_are_bytes)
{
    EXPECT_FALSE(taken({}));
    EXPECT_FALSE(taken(buffer(1)));
    EXPECT_FALSE(taken(extension({{.group = 0x0100, .size = 65'535}}, 65'000)));
    EXPECT_FALSE(taken(extension({{.group = 0x0100, .size = 4}, {.group = 0x001d, .size = 0}}, 1)));
}

}  // namespace
}  // namespace deadair::wire
