#pragma once

#include "echo-server/wire/messages.hpp"

/// How the fields that several messages share are written, and what makes a message of a pair of
/// `put`, which writes the body, and `take`, which reads it in the same order.
namespace deadair::wire {

inline void put(writer& out, nanoseconds value)
{
    out.number(static_cast<std::uint64_t>(value.count()));
}

inline nanoseconds take_time(reader& in)
{
    return nanoseconds{static_cast<nanoseconds::rep>(in.number<std::uint64_t>())};
}

inline void put(writer& out, const socket_facts& value)
{
    for (const auto number :
         {value.segments_in, value.segments_out, value.unacknowledged, value.retransmitted,
          value.rtt_us, value.rtt_variation_us, value.rto_us, value.since_data_sent_ms,
          value.since_data_received_ms, value.since_ack_received_ms})
        out.number(number);
}

inline socket_facts take_facts(reader& in)
{
    socket_facts value;
    for (auto* const number :
         {&value.segments_in, &value.segments_out, &value.unacknowledged, &value.retransmitted,
          &value.rtt_us, &value.rtt_variation_us, &value.rto_us, &value.since_data_sent_ms,
          &value.since_data_received_ms, &value.since_ack_received_ms})
        *number = in.number<std::uint32_t>();
    return value;
}

inline void put_flag(writer& out, bool value)
{
    out.number(static_cast<std::uint8_t>(value ? 1 : 0));
}

inline bool take_flag(reader& in)
{
    return in.number<std::uint8_t>() != 0;
}

inline end_cause take_cause(reader& in)
{
    const auto value = in.number<std::uint8_t>();
    return value <= static_cast<std::uint8_t>(end_cause::broken) ? static_cast<end_cause>(value)
                                                                 : end_cause::nothing;
}

template <class Message>
buffer encode(const Message& message)
{
    // Most messages are shorter: one allocation holds the frame.
    constexpr std::size_t usual = 64;
    buffer frame;
    frame.reserve(usual);
    begin_frame(frame, Message::type);
    writer out{frame};
    put(out, message);
    end_frame(frame);
    return frame;
}

template <class Message>
std::optional<Message> decode(bytes body)
{
    Message message;
    reader in{body};
    take(in, message);
    if (!in.ok())
        return std::nullopt;
    return message;
}

#define DEADAIR_MESSAGE(name)                  \
    template buffer encode<name>(const name&); \
    template std::optional<name> decode<name>(bytes)

}  // namespace deadair::wire
