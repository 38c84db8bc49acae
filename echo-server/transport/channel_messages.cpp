// What a channel makes of the bytes it read: HTTP upgrade, WebSocket frames, our own frames.
#include <boost/asio/post.hpp>

#include "echo-server/transport/channel.hpp"
#include "echo-server/transport/channel_state.hpp"
#include "echo-server/transport/random.hpp"

namespace deadair::net {

namespace {

wire::bytes as_bytes(const std::string& text)
{
    return std::as_bytes(std::span{text.data(), text.size()});
}

// RFC 6455, section 10.3: unpredictable to whoever chose the payload.
wire::mask fresh_mask()
{
    return random_bytes<wire::mask>();
}

std::string_view status_of(upgrade_verdict verdict)
{
    switch (verdict) {
        case upgrade_verdict::unauthorized:
            return "401 Unauthorized";
        case upgrade_verdict::in_the_clear:
            return "403 Forbidden";
        case upgrade_verdict::full:
            return "503 Service Unavailable";
        default:
            return "404 Not Found";
    }
}

std::string describe(wire::frame_error error)
{
    switch (error) {
        case wire::frame_error::unknown_version:
            return "the peer speaks another version of the protocol; use the same release of "
                   "deadair at both ends";
        case wire::frame_error::too_long:
            return "a frame is longer than it may be";
        default:
            return "the peer does not speak our protocol";
    }
}

}  // namespace

std::size_t channel::digest_one(wire::bytes input)
{
    if (stage_ == stage::proxying)
        return digest_proxy(input);
    if (stage_ == stage::upgrading)
        return role_ == wire::role::server ? answer_upgrade(input) : finish_upgrade(input);
    return websocket_ ? digest_websocket(input) : digest_frame(input);
}

std::size_t channel::digest_proxy(wire::bytes input)
{
    const auto answer = opening_->dialogue->take(input);
    if (answer.is == proxy_dialogue::verdict::refused) {
        finish(wire::end_cause::broken, answer.why);
        return 0;
    }
    if (!answer.reply.empty())
        write(answer.reply);
    // From the loop: what was read stands in a buffer that the next read takes.
    if (answer.is == proxy_dialogue::verdict::open)
        boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
            if (self->stage_ == stage::proxying)
                self->begin_transport();
        });
    return answer.consumed;
}

void channel::request_upgrade()
{
    websocket_ = true;
    stage_ = stage::upgrading;
    opening_->upgrade_key = fresh_upgrade_key();
    write(as_bytes(upgrade_request_text(opening_->options.host, opening_->upgrade_key)));
}

std::size_t channel::answer_upgrade(wire::bytes input)
{
    const auto request = parse_upgrade_request(input);
    if (request.error == upgrade_error::incomplete)
        return 0;
    auto verdict = upgrade_verdict::refused;
    if (request.error == upgrade_error::none)
        verdict = owner_->on_upgrade(request);
    if (stage_ == stage::ended)
        return 0;
    if (verdict == upgrade_verdict::frames || verdict == upgrade_verdict::messages) {
        messages_ = verdict == upgrade_verdict::messages;
        write(as_bytes(upgrade_answer(request.key)));
        opened();
        return request.consumed;
    }
    // Never send more to a stranger than the stranger sent.
    const auto answer = upgrade_refusal(std::string{status_of(verdict)});
    if (answer.size() <= input.size())
        write(as_bytes(answer));
    finish(wire::end_cause::broken, "an HTTP request that is no WebSocket upgrade of ours");
    return 0;
}

std::size_t channel::finish_upgrade(wire::bytes input)
{
    const auto response = parse_upgrade_response(input, opening_->upgrade_key);
    switch (response.error) {
        case upgrade_error::none:
            opened();
            return response.consumed;
        case upgrade_error::incomplete:
            return 0;
        case upgrade_error::refused:
            finish(wire::end_cause::broken, "the WebSocket upgrade was answered with HTTP status " +
                                                std::to_string(response.status));
            return 0;
        case upgrade_error::broken:
            finish(wire::end_cause::broken, "the answer to the WebSocket upgrade makes no sense");
    }
    return 0;
}

std::size_t channel::digest_frame(wire::bytes input)
{
    const auto seen = wire::decode_frame(input, body_limit_);
    if (seen.error == wire::frame_error::incomplete)
        return 0;
    if (seen.error != wire::frame_error::none) {
        finish(wire::end_cause::broken, describe(seen.error));
        return 0;
    }
    owner_->on_frame(seen.value);
    return seen.consumed;
}

std::size_t channel::digest_websocket(wire::bytes input)
{
    const auto seen = wire::decode_websocket(input, role_, body_limit_ + wire::header_size);
    if (seen.error == wire::websocket_error::incomplete)
        return 0;
    if (seen.error != wire::websocket_error::none) {
        finish(wire::end_cause::broken, seen.error == wire::websocket_error::too_long
                                            ? "a WebSocket message is longer than it may be"
                                            : "a WebSocket frame breaks RFC 6455");
        return 0;
    }
    const auto payload = input.subspan(seen.value.payload_offset, seen.value.payload_size);
    if (seen.value.masked_by) {
        wire::buffer plain{payload.begin(), payload.end()};
        wire::apply_mask(plain, *seen.value.masked_by);
        digest_payload(seen.value, plain);
    } else {
        digest_payload(seen.value, payload);
    }
    return seen.value.size();
}

void channel::digest_payload(const wire::websocket_frame& head, wire::bytes payload)
{
    switch (head.code) {
        case wire::opcode::ping:
            return send_websocket(wire::opcode::pong, payload);
        case wire::opcode::pong:
            return;
        case wire::opcode::close:
            send_websocket(wire::opcode::close,
                           payload.first(std::min<std::size_t>(2, payload.size())));
            return finish(wire::end_cause::closed, "the peer closed the WebSocket");
        default:
            break;
    }
    const bool continues = head.code == wire::opcode::continuation;
    if (continues != (fragments_ != nullptr))
        return finish(wire::end_cause::broken, "a WebSocket message is continued out of order");
    if (head.final && !continues)
        return deliver(head.code, payload);
    if (!continues)
        fragments_ = std::make_unique<fragments>(fragments{.code = head.code, .payload = {}});
    auto& whole = fragments_->payload;
    if (whole.size() + payload.size() > body_limit_ + wire::header_size)
        return finish(wire::end_cause::broken, "a WebSocket message is longer than it may be");
    whole.insert(whole.end(), payload.begin(), payload.end());
    if (head.final) {
        const auto done = std::exchange(fragments_, nullptr);
        deliver(done->code, done->payload);
    }
}

void channel::deliver(wire::opcode code, wire::bytes payload)
{
    if (messages_)
        return owner_->on_message(code, payload);
    const auto seen = wire::decode_frame(payload, body_limit_);
    if (seen.error != wire::frame_error::none || seen.consumed != payload.size())
        return finish(wire::end_cause::broken, describe(seen.error));
    owner_->on_frame(seen.value);
}

void channel::send(wire::bytes frame)
{
    if (websocket_)
        send_websocket(wire::opcode::binary, frame);
    else
        write(frame);
}

void channel::send_websocket(wire::opcode code, wire::bytes payload)
{
    const auto key =
        role_ == wire::role::client ? std::optional<wire::mask>{fresh_mask()} : std::nullopt;
    write(wire::encode_websocket(code, payload, key));
}

}  // namespace deadair::net
