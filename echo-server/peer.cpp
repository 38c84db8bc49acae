#include "echo-server/peer.hpp"

#include <algorithm>

#include "echo-server/registry.hpp"
#include "echo-server/transport/socket.hpp"

namespace deadair::echo_server {

namespace {

using clock = std::chrono::steady_clock;

nanoseconds monotonic_now()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace

peer::peer(const peer_surroundings& around, serial number, boost::asio::ip::address from)
    : around_{around}, number_{number}, address_{std::move(from)}
{
}

peer::~peer()
{
    if (channel_)
        channel_->close();
}

void peer::start(net::socket accepted, SSL_CTX* context)
{
    channel_ = net::channel::accept(std::move(accepted), context, *this);
}

void peer::on_frame(const wire::frame& seen)
{
    switch (part_) {
        case part::stranger:
        case part::challenged:
            return on_stranger(seen);
        case part::control:
            return on_control(seen);
        case part::member:
            return on_member(seen);
        case part::foreign:
            return fail("a frame on a connection of another make");
    }
}

void peer::on_control(const wire::frame& seen)
{
    session_->heard(clock::now());
    switch (seen.type) {
        case wire::frame_type::ticket_request:
            return on_ticket_request(seen.body);
        case wire::frame_type::speak:
            return on_speak(seen.body);
        case wire::frame_type::query:
            return on_query(seen.body);
        case wire::frame_type::refresh:
            return on_refresh(seen.body);
        case wire::frame_type::refresh_within:
            return on_refresh_within(seen.body);
        case wire::frame_type::download:
            return on_download(seen.body);
        case wire::frame_type::heartbeat:
            return on_heartbeat(seen.body);
        default:
            fail("a frame that does not belong on a control connection");
    }
}

void peer::on_ticket_request(wire::bytes body)
{
    const auto said = wire::decode<wire::ticket_request>(body);
    if (!said)
        return fail("a malformed ticket request");
    channel_->send(
        wire::encode(wire::tickets{around_.known.issue_tickets(*session_, said->count)}));
}

void peer::on_speak(wire::bytes body)
{
    const auto said = wire::decode<wire::speak>(body);
    if (!said)
        return fail("a malformed request to speak");
    if (auto* member = session_->member(said->connection); member != nullptr)
        return member->speak(said->probe);
    channel_->send(wire::encode(wire::spoke{.probe = said->probe,
                                            .connection = said->connection,
                                            .cause = wire::end_cause::own,
                                            .at = monotonic_now(),
                                            .before = {}}));
}

void peer::speak(std::uint32_t probe)
{
    end_refresh_within();
    // The figures first: they tell of the silence only until something is sent.
    wire::spoke done{.probe = probe,
                     .connection = connection_,
                     .cause = {},
                     .at = {},
                     .before = channel_->facts()};
    done.at = monotonic_now();
    channel_->send(wire::encode(wire::probe{probe}));
    done.at = net::left_at(channel_->native_socket(), done.at);
    ++around_.counts.spoken;
    session_->report(wire::encode(done));
}

void peer::on_query(wire::bytes body)
{
    const auto said = wire::decode<wire::query>(body);
    if (!said)
        return fail("a malformed query");
    auto* member = session_->member(said->connection);
    channel_->send(wire::encode(member != nullptr ? member->state_now()
                                                  : wire::state{.connection = said->connection,
                                                                .open = false,
                                                                .at = monotonic_now(),
                                                                .now = {}}));
}

wire::state peer::state_now()
{
    return {
        .connection = connection_, .open = true, .at = monotonic_now(), .now = channel_->facts()};
}

void peer::on_heartbeat(wire::bytes body)
{
    const auto said = wire::decode<wire::heartbeat>(body);
    if (!said)
        return fail("a malformed heartbeat");
    channel_->send(wire::encode(wire::heartbeat_echo{.sequence = said->sequence,
                                                     .prober_time = said->prober_time,
                                                     .server_time = monotonic_now()}));
    around_.owner.beaten();
}

void peer::on_member(const wire::frame& seen)
{
    switch (seen.type) {
        case wire::frame_type::probe:
            return on_probe(seen.body);
        case wire::frame_type::upload:
            return on_upload(seen.body);
        case wire::frame_type::bulk:
            return on_bulk(seen.body);
        case wire::frame_type::filler:
            return;
        default:
            fail("a frame that does not belong on a probe connection");
    }
}

void peer::on_probe(wire::bytes body)
{
    const auto said = wire::decode<wire::probe>(body);
    if (!said)
        return fail("a malformed probe");
    ++around_.counts.received;
    session_->report(wire::encode(wire::received{.probe = said->probe_number,
                                                 .connection = connection_,
                                                 .at = monotonic_now(),
                                                 .after = channel_->facts()}));
}

void peer::on_message(wire::opcode code, wire::bytes payload)
{
    channel_->send_websocket(code, payload);
}

void peer::on_received(std::uint32_t bytes, std::uint32_t messages)
{
    around_.counts.bytes_received += bytes;
    if (is_stranger()) {
        unproven_bytes_ += bytes;
        if (unproven_bytes_ > wire::unauthenticated_bytes_max)
            dismiss(farewell::broken);
        return;
    }
    // What carries no message, a TLS key update, is work as well.
    (void)pay(std::max(1U, messages), bytes);
}

// What it sends, and what it makes us send, counts; false where it was too much, and ended it.
bool peer::pay(double messages, double bytes)
{
    const auto now = clock::now();
    const bool paid = guest_ ? guest_->left.take(messages, bytes, now) &&
                                   guest_->of->left.take(messages, bytes, now)
                             : session_->pay(messages, bytes, now);
    if (!paid)
        dismiss(farewell::over_rate);
    return paid;
}

void peer::on_sent(std::uint32_t bytes)
{
    around_.counts.bytes_sent += bytes;
}

void peer::on_end(wire::end_cause cause, const std::string& detail)
{
    around_.events.write(log_level::debug, "event=ended peer={} cause={} detail={}",
                         address_.to_string(), wire::to_string(cause), in_quotes(detail));
    if (cause == wire::end_cause::broken)
        ++around_.counts.of(farewell::broken);
    report_end(cause);
    leave();
}

void peer::report_end(wire::end_cause cause)
{
    if (!is_member() || session_ == nullptr)
        return;
    if (transfer_)
        end_transfer(wire::transfer_end::cut);
    session_->report(wire::encode(wire::ended{.connection = connection_,
                                              .cause = cause,
                                              .at = monotonic_now(),
                                              .last = channel_->facts()}));
}

void peer::fail(const char* why)
{
    ++around_.counts.of(farewell::broken);
    around_.events.write(log_level::warn, "event=dropped peer={} reason=broken detail={}",
                         address_.to_string(), in_quotes(why));
    report_end(wire::end_cause::own);
    leave();
}

void peer::dismiss(farewell why)
{
    ++around_.counts.of(why);
    around_.events.write(log_level::warn, "event=dropped peer={} reason={}", address_.to_string(),
                         to_string(why));
    report_end(wire::end_cause::own);
    leave();
}

void peer::leave()
{
    channel_->close();
    if (!around_.owner.forget(*this))
        return;
    around_.refreshes.forget(*channel_);
    if (!is_stranger())
        --around_.counts.now(kind());
    if (guest_) {
        guest_->of->guests.erase(this);
        --guest_->of->connections;
    }
    end_refresh_within();
    if (auto* const left = std::exchange(session_, nullptr)) {
        if (is_member())
            left->remove(connection_);
        else if (left->control() == this)
            left->detach(clock::now());
    }
}

}  // namespace deadair::echo_server
