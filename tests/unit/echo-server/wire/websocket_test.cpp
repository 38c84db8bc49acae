#include "echo-server/wire/websocket.hpp"

#include <gtest/gtest.h>

namespace deadair::wire {
namespace {

constexpr mask key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

buffer from(std::initializer_list<int> values)
{
    buffer out;
    for (const int value : values)
        out.push_back(static_cast<std::byte>(value));
    return out;
}

std::string text_of(bytes input, const websocket_frame& head)
{
    const auto payload = input.subspan(head.payload_offset, head.payload_size);
    buffer plain{payload.begin(), payload.end()};
    if (head.masked_by)
        apply_mask(plain, *head.masked_by);
    return {reinterpret_cast<const char*>(plain.data()), plain.size()};
}

TEST(websocket, reads_the_examples_of_rfc_6455_section_5_7)
{
    const auto plain = from({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f});
    const auto seen = decode_websocket(plain, role::client, 100);
    ASSERT_EQ(seen.error, websocket_error::none);
    EXPECT_EQ(text_of(plain, seen.value), "Hello");

    const auto masked = from({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58});
    const auto seen_masked = decode_websocket(masked, role::server, 100);
    ASSERT_EQ(seen_masked.error, websocket_error::none);
    EXPECT_EQ(text_of(masked, seen_masked.value), "Hello");
}

TEST(websocket, takes_only_masked_frames_from_a_client_and_only_plain_ones_from_a_server)
{
    EXPECT_EQ(decode_websocket(from({0x81, 0x00}), role::server, 100).error,
              websocket_error::broken);
    EXPECT_EQ(decode_websocket(from({0x81, 0x80, 1, 2, 3, 4}), role::client, 100).error,
              websocket_error::broken);
}

TEST(websocket, carries_payloads_of_each_length_form)
{
    for (const std::size_t size : {0UL, 125UL, 126UL, 65535UL, 65536UL}) {
        const buffer payload(size, std::byte{0x5a});
        const auto whole = encode_websocket(opcode::binary, payload, key);
        const auto seen = decode_websocket(whole, role::server, 1 << 20);
        ASSERT_EQ(seen.error, websocket_error::none) << size;
        EXPECT_EQ(seen.value.size(), whole.size());
        EXPECT_EQ(text_of(whole, seen.value), std::string(size, '\x5a'));
    }
}

TEST(websocket, waits_at_every_cut)
{
    const buffer payload(200, std::byte{1});
    const auto whole = encode_websocket(opcode::binary, payload, key);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(decode_websocket(bytes{whole}.first(size), role::server, 1000).error,
                  websocket_error::incomplete)
            << size;
}

TEST(websocket, refuses_a_payload_over_the_bound_before_it_has_come)
{
    EXPECT_EQ(decode_websocket(from({0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
                               role::server, 1000)
                  .error,
              websocket_error::too_long);
}

TEST(websocket, refuses_reserved_bits_unknown_opcodes_and_overgrown_control_frames)
{
    for (const auto& wrong : {from({0xc1, 0x00}), from({0x83, 0x00}), from({0x8b, 0x00}),
                              from({0x09, 0x00}), from({0x89, 0x7e, 0x00, 0x7e})})
        EXPECT_EQ(decode_websocket(wrong, role::client, 1000).error, websocket_error::broken);
}

}  // namespace
}  // namespace deadair::wire
