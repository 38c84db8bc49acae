#include "echo-server/wire/websocket.hpp"

namespace deadair::wire {

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t opcode_bits = 0x0f;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_bits = 0x7f;
constexpr std::size_t control_payload_max = 125;

bool known(std::uint8_t code)
{
    return code <= 2 || (code >= 8 && code <= 10);
}

bool is_control(opcode code)
{
    return static_cast<std::uint8_t>(code) >= 8;
}

}  // namespace

decoded_websocket decode_websocket(bytes input, role reader_role, std::size_t payload_limit)
{
    if (input.size() < 2)
        return {};
    const auto first = std::to_integer<std::uint8_t>(input[0]);
    const auto second = std::to_integer<std::uint8_t>(input[1]);
    const bool masked = (second & mask_bit) != 0;
    const std::uint8_t code = first & opcode_bits;
    if ((first & reserved_bits) != 0 || !known(code) || masked != (reader_role == role::server))
        return {.error = websocket_error::broken, .value = {}};

    websocket_frame found{.code = static_cast<opcode>(code), .final = (first & final_bit) != 0};
    std::uint64_t length = second & length_bits;
    if (is_control(found.code) && (!found.final || length > control_payload_max))
        return {.error = websocket_error::broken, .value = {}};

    const std::size_t length_size = length == 126 ? 2 : length == 127 ? 8 : 0;
    found.payload_offset = 2 + length_size + (masked ? sizeof(mask) : 0);
    if (input.size() < 2 + length_size)
        return {};
    if (length_size == 2)
        length = reader{input.subspan(2, 2)}.number<std::uint16_t>();
    else if (length_size == 8)
        length = reader{input.subspan(2, 8)}.number<std::uint64_t>();
    if (length > payload_limit)
        return {.error = websocket_error::too_long, .value = {}};
    found.payload_size = static_cast<std::size_t>(length);
    if (input.size() < found.size())
        return {};
    if (masked) {
        mask key{};
        std::ranges::copy(input.subspan(2 + length_size, sizeof(mask)), key.begin());
        found.masked_by = key;
    }
    return {.error = websocket_error::none, .value = found};
}

void apply_mask(std::span<std::byte> payload, const mask& key)
{
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] ^= key[i % key.size()];
}

buffer encode_websocket(opcode code, bytes payload, const std::optional<mask>& key)
{
    buffer out;
    out.reserve(payload.size() + 14);
    writer to{out};
    const std::uint8_t mask_flag = key ? mask_bit : 0;
    to.number(static_cast<std::uint8_t>(final_bit | static_cast<std::uint8_t>(code)));
    if (payload.size() < 126)
        to.number(static_cast<std::uint8_t>(mask_flag | payload.size()));
    else if (payload.size() <= 0xffff)
        to.number(static_cast<std::uint8_t>(mask_flag | 126))
            .number(static_cast<std::uint16_t>(payload.size()));
    else
        to.number(static_cast<std::uint8_t>(mask_flag | 127))
            .number(static_cast<std::uint64_t>(payload.size()));
    if (key)
        to.raw(*key);
    const auto start = out.size();
    to.raw(payload);
    if (key)
        apply_mask(std::span{out}.subspan(start), *key);
    return out;
}

}  // namespace deadair::wire
