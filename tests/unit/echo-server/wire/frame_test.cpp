#include "echo-server/wire/frame.hpp"

#include <gtest/gtest.h>

namespace deadair::wire {
namespace {

const buffer body{std::byte{1}, std::byte{2}, std::byte{3}};

TEST(frame, comes_back_as_it_was_written)
{
    const auto whole = encode_frame(frame_type::probe, body);
    const auto seen = decode_frame(whole, 100);
    ASSERT_EQ(seen.error, frame_error::none);
    EXPECT_EQ(seen.value.type, frame_type::probe);
    EXPECT_TRUE(std::ranges::equal(seen.value.body, body));
    EXPECT_EQ(seen.consumed, whole.size());
}

TEST(frame, is_incomplete_at_every_cut)
{
    const auto whole = encode_frame(frame_type::probe, body);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(decode_frame(bytes{whole}.first(size), 100).error, frame_error::incomplete)
            << size;
}

TEST(frame, leaves_what_follows_it)
{
    auto two = encode_frame(frame_type::probe, body);
    const auto size = two.size();
    const auto second = encode_frame(frame_type::join, {});
    two.insert(two.end(), second.begin(), second.end());
    EXPECT_EQ(decode_frame(two, 100).consumed, size);
}

TEST(frame, over_the_bound_is_refused_before_its_body_has_come)
{
    const auto whole = encode_frame(frame_type::probe, body);
    EXPECT_EQ(decode_frame(bytes{whole}.first(header_size), 2).error, frame_error::too_long);
}

TEST(frame, without_the_magic_is_refused_at_the_first_wrong_byte)
{
    auto whole = encode_frame(frame_type::probe, body);
    whole[1] = std::byte{'x'};
    EXPECT_EQ(decode_frame(bytes{whole}.first(2), 100).error, frame_error::not_a_frame);
}

TEST(frame, of_another_version_is_named_as_such)
{
    auto whole = encode_frame(frame_type::probe, body);
    whole[2] = std::byte{protocol_version + 1};
    EXPECT_EQ(decode_frame(whole, 100).error, frame_error::unknown_version);
}

}  // namespace
}  // namespace deadair::wire
