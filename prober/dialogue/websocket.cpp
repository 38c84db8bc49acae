#include "prober/dialogue/websocket.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "echo-server/transport/upgrade.hpp"
#include "prober/dialogue/answer_head.hpp"

namespace deadair::dialogue {

namespace {

// What a server says by itself is passed over, but not without end.
constexpr std::size_t message_max = std::size_t{16} << 20;

wire::buffer number_as_payload(std::uint32_t number)
{
    wire::buffer made;
    wire::writer{made}.number(number);
    return made;
}

std::string closing_words(wire::bytes payload)
{
    if (payload.size() < 2)
        return "WebSocket Close";
    return fmt::format("WebSocket Close {}",
                       wire::reader{payload.first(2)}.number<std::uint16_t>());
}

}  // namespace

wire::buffer websocket::greet()
{
    const auto text = request_head("GET", said_.target, said_) +
                      fmt::format(
                          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {}\r\n"
                          "Sec-WebSocket-Version: 13\r\n\r\n",
                          own_.key);
    const auto raw = std::as_bytes(std::span{text});
    return {raw.begin(), raw.end()};
}

wire::buffer websocket::ask()
{
    return wire::encode_websocket(wire::opcode::ping, number_as_payload(++asked_), own_.mask);
}

heard websocket::take(wire::bytes input)
{
    return ready_ ? take_frame(input) : take_answer(input);
}

heard websocket::take_answer(wire::bytes input)
{
    const auto [how, head] = read_answer_head(input);
    if (how == reading::more)
        return {};
    heard said{.is = meaning::refused, .consumed = head.size};
    if (how == reading::nonsense) {
        said.why = "what answers there does not speak HTTP/1.1, so it makes no WebSocket";
    } else if (auto refusal = refusal_of(head); !refusal.empty()) {
        said.why = std::move(refusal);
    } else if (head.status != 101 ||
               head.field("sec-websocket-accept") != net::accept_value(own_.key)) {
        said.why = fmt::format(
            "the server makes no WebSocket of this URL (it answers {}); is its path right? "
            "https:// "
            "measures without one",
            head.status);
    } else {
        ready_ = true;
        said.is = meaning::ready;
    }
    return said;
}

heard websocket::take_frame(wire::bytes input)
{
    const auto [error, frame] = wire::decode_websocket(input, wire::role::client, message_max);
    if (error == wire::websocket_error::incomplete)
        return {};
    if (error != wire::websocket_error::none)
        return {.is = meaning::leaving,
                .consumed = input.size(),
                .why = "what the server sent is no WebSocket frame"};
    const auto payload = input.subspan(frame.payload_offset, frame.payload_size);
    heard said{.is = meaning::unasked, .consumed = frame.size()};
    if (frame.code == wire::opcode::pong && std::ranges::equal(payload, number_as_payload(asked_)))
        said.is = meaning::answered;
    else if (frame.code == wire::opcode::ping)
        said.reply = wire::encode_websocket(wire::opcode::pong, payload, own_.mask);
    else if (frame.code == wire::opcode::close)
        said = {.is = meaning::leaving, .consumed = frame.size(), .why = closing_words(payload)};
    return said;
}

}  // namespace deadair::dialogue
