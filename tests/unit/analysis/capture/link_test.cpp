#include "analysis/capture/link.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace deadair::capture {
namespace {

using bytes = std::vector<std::uint8_t>;

bytes operator+(bytes one, const bytes& other)
{
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

const bytes tcp{0x9c, 0x40, 0x01, 0xbb, 0, 0, 0, 1,    0, 0, 0, 2, 0x50,
                0x18, 4,    0,    0,    0, 0, 0, 0x16, 3, 1, 0, 9};
const bytes ipv4{0x45, 0, 0, 45, 0, 0, 0x40, 0, 57, 6, 0, 0, 192, 0, 2, 2, 198, 51, 100, 7};
const bytes ethernet(12, 0xee);

bytes ipv6(std::uint8_t next, std::uint8_t payload)
{
    bytes made{0x60, 0, 0, 0, 0, payload, next, 57};
    for (const auto& last : {bytes{1}, bytes{2}})
        made = made + bytes{0x20, 1, 0x0d, 0xb8} + bytes(11, 0) + last;
    return made;
}

void expect_whole(const std::optional<segment>& seen, address_family family)
{
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->from.family, family);
    EXPECT_EQ(seen->from.port, 40'000);
    EXPECT_EQ(seen->to.port, 443);
    EXPECT_EQ(seen->payload, 5U);
    EXPECT_EQ(seen->sequence, 1U);
    EXPECT_EQ(seen->acknowledged, 2U);
    EXPECT_EQ(seen->ttl, 57);
    EXPECT_TRUE(seen->flags.acknowledges);
    EXPECT_EQ(seen->first[0], 0x16);
}

}  // namespace

TEST(a_packet, is_read_on_every_link)
{
    const auto packet = ipv4 + tcp;
    expect_whole(read_segment(link::ethernet, ethernet + bytes{8, 0} + packet, {}),
                 address_family::ipv4);
    expect_whole(read_segment(link::linux_cooked, bytes(14, 0) + bytes{8, 0} + packet, {}),
                 address_family::ipv4);
    expect_whole(read_segment(link::linux_cooked_2, bytes{8, 0} + bytes(18, 0) + packet, {}),
                 address_family::ipv4);
    expect_whole(read_segment(link::raw_ip, packet, {}), address_family::ipv4);
    expect_whole(read_segment(link::loopback, bytes{2, 0, 0, 0} + packet, {}),
                 address_family::ipv4);
}

TEST(a_packet, is_read_behind_tags_and_extensions)
{
    const bytes tags{0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, 8, 0};
    expect_whole(read_segment(link::ethernet, ethernet + tags + ipv4 + tcp, {}),
                 address_family::ipv4);
    expect_whole(read_segment(link::ethernet, ethernet + bytes{0x86, 0xdd} + ipv6(6, 25) + tcp, {}),
                 address_family::ipv6);
    const bytes hop_by_hop{6, 0, 0, 0, 0, 0, 0, 0};
    expect_whole(read_segment(link::raw_ip, ipv6(0, 33) + hop_by_hop + tcp, {}),
                 address_family::ipv6);
}

TEST(a_packet, of_which_only_the_head_was_kept_has_its_full_length)
{
    auto packet = ipv4 + tcp;
    packet.resize(44);
    const auto seen = read_segment(link::raw_ip, packet, {});
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->payload, 5U);
}

TEST(a_packet, that_ends_anywhere_is_refused_and_nothing_else)
{
    const auto packet = ethernet + bytes{0x86, 0xdd} + ipv6(0, 33) + bytes(8, 0) + tcp;
    for (std::size_t kept = 0; kept < packet.size(); ++kept)
        read_segment(link::ethernet, std::span{packet}.first(kept), {});
    EXPECT_FALSE(read_segment(link::ethernet, {}, {}));
    EXPECT_FALSE(read_segment(link::raw_ip, bytes{0x45, 0, 0, 45}, {}));
}

TEST(a_packet, that_is_no_tcp_is_passed_over)
{
    auto udp = ipv4 + tcp;
    udp[9] = 17;
    EXPECT_FALSE(read_segment(link::raw_ip, udp, {}));
    auto fragment = ipv4 + tcp;
    fragment[7] = 8;
    EXPECT_FALSE(read_segment(link::raw_ip, fragment, {}));
    auto too_short = ipv4 + tcp;
    too_short[32] = 0x40;  // a header of 16 bytes
    EXPECT_FALSE(read_segment(link::raw_ip, too_short, {}));
}

}  // namespace deadair::capture
