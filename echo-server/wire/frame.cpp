#include "echo-server/wire/frame.hpp"

namespace deadair::wire {

namespace {

constexpr std::size_t length_at = header_size - sizeof(std::uint32_t);

}  // namespace

decoded decode_frame(bytes input, std::size_t body_limit)
{
    const auto compared = std::min(input.size(), magic.size());
    if (!std::ranges::equal(input.first(compared), std::span{magic}.first(compared)))
        return {.error = frame_error::not_a_frame, .value = {}};
    if (input.size() > magic.size() && input[magic.size()] != std::byte{protocol_version})
        return {.error = frame_error::unknown_version, .value = {}};
    if (input.size() < header_size)
        return {};
    const auto type = static_cast<frame_type>(input[magic.size() + 1]);
    const auto length = body_size(input);
    if (length > body_limit)
        return {.error = frame_error::too_long, .value = {}};
    if (input.size() - header_size < length)
        return {};
    return {.error = frame_error::none,
            .value = {type, input.subspan(header_size, length)},
            .consumed = header_size + length};
}

std::size_t body_size(bytes head)
{
    return reader{head.subspan(length_at, sizeof(std::uint32_t))}.number<std::uint32_t>();
}

void begin_frame(buffer& out, frame_type type)
{
    constexpr std::uint32_t not_known_yet = 0;
    writer{out}
        .raw(magic)
        .number(protocol_version)
        .number(static_cast<std::uint8_t>(type))
        .number(not_known_yet);
}

void end_frame(buffer& frame)
{
    const auto length = big_endian(static_cast<std::uint32_t>(frame.size() - header_size));
    std::ranges::copy(length, frame.begin() + length_at);
}

buffer encode_frame(frame_type type, bytes body)
{
    buffer out;
    out.reserve(header_size + body.size());
    begin_frame(out, type);
    writer{out}.raw(body);
    end_frame(out);
    return out;
}

}  // namespace deadair::wire
