// One connection of the lying companion: the truth, told through the lies.
#include <boost/asio/post.hpp>

#include "echo-server/transport/socket.hpp"
#include "tests/lying/companion.hpp"

namespace deadair::lying {

namespace {

// Enough to see whether the other end keeps it all; without an end it would only heat the machine.
constexpr std::size_t flood_max = 100'000;

nanoseconds monotonic_now()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace

peer::~peer()
{
    if (channel_)
        channel_->close();
}

void peer::start(net::socket accepted, SSL_CTX* context)
{
    channel_ = net::channel::accept(std::move(accepted), context, *this);
    last_packet_ = monotonic_now();
}

net::upgrade_verdict peer::on_upgrade(const net::upgrade_request&)
{
    return net::upgrade_verdict::frames;
}

void peer::say(wire::buffer frame)
{
    auto told = owner_.tells_.tell(std::move(frame), held_, monotonic_now());
    const auto kept = channel_;  // a write that fails ends the peer
    for (const auto& each : told.frames)
        kept->send(each);
    if (told.hang_up)
        return leave(true);
    if (told.flood && flood_.empty() && !told.frames.empty()) {
        flood_ = told.frames.back();
        boost::asio::post(owner_.io_, [this, kept] {
            if (kept->is_open())
                flood();
        });
    }
}

void peer::flood()
{
    while (channel_->drained() && channel_->is_open() && flooded_ < flood_max) {
        ++flooded_;
        channel_->send(flood_);
    }
    if (channel_->is_open() && flooded_ < flood_max)
        channel_->tell_drained();
}

void peer::on_drained()
{
    if (transfer_ && !transfer_->is_upload())
        return settle_transfer();
    if (!flood_.empty())
        flood();
}

void peer::on_frame(const wire::frame& seen)
{
    if (control_)
        return on_control(seen);
    if (session_ != nullptr)
        return on_member(seen);
    if (const auto said = wire::decode<wire::hello>(seen.body);
        said && seen.type == wire::frame_type::hello)
        return on_hello(*said);
    if (const auto said = wire::decode<wire::proof>(seen.body);
        said && seen.type == wire::frame_type::proof)
        return on_proof(*said);
    if (const auto said = wire::decode<wire::join>(seen.body);
        said && seen.type == wire::frame_type::join)
        return on_join(*said);
    leave(false);
}

void peer::on_control(const wire::frame& seen)
{
    const auto member = [&](std::uint32_t number) {
        const auto found = session_->members.find(number);
        return found == session_->members.end() ? nullptr : found->second;
    };
    if (seen.type == wire::frame_type::ticket_request) {
        if (const auto said = wire::decode<wire::ticket_request>(seen.body))
            say(wire::encode(owner_.tickets_for(*session_, said->count)));
    } else if (seen.type == wire::frame_type::heartbeat) {
        if (const auto said = wire::decode<wire::heartbeat>(seen.body))
            say(wire::encode(wire::heartbeat_echo{.sequence = said->sequence,
                                                  .prober_time = said->prober_time,
                                                  .server_time = monotonic_now()}));
    } else if (seen.type == wire::frame_type::speak) {
        const auto said = wire::decode<wire::speak>(seen.body);
        if (auto* const over = said ? member(said->connection) : nullptr; over != nullptr)
            over->speak(*said);
        else if (said)
            say(wire::encode(wire::spoke{.probe = said->probe,
                                         .connection = said->connection,
                                         .cause = wire::end_cause::own,
                                         .at = monotonic_now(),
                                         .before = {}}));
    } else if (seen.type == wire::frame_type::query) {
        const auto said = wire::decode<wire::query>(seen.body);
        if (auto* const over = said ? member(said->connection) : nullptr; over != nullptr)
            over->query(*said);
        else if (said)
            say(wire::encode(wire::state{
                .connection = said->connection, .open = false, .at = monotonic_now(), .now = {}}));
    } else if (seen.type == wire::frame_type::download) {
        const auto said = wire::decode<wire::download>(seen.body);
        if (auto* const over = said ? member(said->connection) : nullptr; over != nullptr)
            over->download(*said);
    }
}

void peer::on_member(const wire::frame& seen)
{
    if (seen.type == wire::frame_type::probe) {
        if (const auto said = wire::decode<wire::probe>(seen.body))
            return on_probe(*said);
    } else if (seen.type == wire::frame_type::upload) {
        if (const auto said = wire::decode<wire::upload>(seen.body))
            transfer_.emplace(*said);
    } else if (seen.type == wire::frame_type::bulk) {
        on_bulk(seen.body.size());
    }
    last_packet_ = arrived();
}

// By the kernel: on a busy machine this process reads it later.
nanoseconds peer::arrived() const
{
    return monotonic_now() - std::chrono::milliseconds{channel_->facts().since_data_received_ms};
}

// Whether the middlebox has forgotten this connection by the time of that packet.
bool peer::forgotten(nanoseconds packet) const
{
    return owner_.known_.how != expiry::none && packet - last_packet_ > owner_.known_.after;
}

void peer::on_probe(const wire::probe& said)
{
    if (forgotten(arrived())) {
        if (owner_.known_.how == expiry::reset)
            channel_->abort();  // the middlebox's word: this end hears nothing of it
        return;
    }
    last_packet_ = arrived();
    if (session_->control != nullptr)
        session_->control->say(wire::encode(wire::received{.probe = said.probe_number,
                                                           .connection = connection_,
                                                           .at = monotonic_now(),
                                                           .after = channel_->facts()}));
}

void peer::speak(const wire::speak& wanted)
{
    const auto kept = channel_;
    const auto before = kept->facts();
    auto at = monotonic_now();
    const bool dead = forgotten(at);
    if (!dead) {
        last_packet_ = at;
        say(wire::encode(wire::probe{wanted.probe}));
        at = net::left_at(kept->native_socket(), at);
    }
    auto* const control = session_ != nullptr ? session_->control : nullptr;
    if (control == nullptr)
        return;
    control->say(wire::encode(wire::spoke{.probe = wanted.probe,
                                          .connection = wanted.connection,
                                          .cause = wire::end_cause::nothing,
                                          .at = at,
                                          .before = before}));
    if (!dead || owner_.known_.how != expiry::reset)
        return;
    // To this end the middlebox said that the connection is over; the other end hears nothing.
    session_->members.erase(connection_);
    session_ = nullptr;
    control->say(wire::encode(wire::ended{.connection = wanted.connection,
                                          .cause = wire::end_cause::reset,
                                          .at = monotonic_now(),
                                          .last = before}));
}

void peer::query(const wire::query& wanted)
{
    if (session_->control != nullptr)
        session_->control->say(wire::encode(wire::state{.connection = wanted.connection,
                                                        .open = true,
                                                        .at = monotonic_now(),
                                                        .now = channel_->facts()}));
}

void peer::on_bulk(std::size_t size)
{
    if (!transfer_ || !transfer_->take(size, monotonic_now()))
        return leave(false);
    if (transfer_->complete())
        settle_transfer();
}

void peer::download(const wire::download& wanted)
{
    transfer_.emplace(wanted);
    settle_transfer();
}

void peer::settle_transfer()
{
    if (!transfer_->is_upload() && !transfer_->send(*channel_, monotonic_now()))
        return;
    const auto report =
        transfer_->report(wire::transfer_end::complete, connection_, channel_->facts());
    transfer_.reset();
    last_packet_ = monotonic_now();
    if (session_ != nullptr && session_->control != nullptr)
        session_->control->say(wire::encode(report));
}

void peer::on_end(wire::end_cause cause, const std::string&)
{
    if (!control_ && session_ != nullptr && session_->control != nullptr)
        session_->control->say(wire::encode(wire::ended{.connection = connection_,
                                                        .cause = cause,
                                                        .at = monotonic_now(),
                                                        .last = channel_->facts()}));
    leave(false);
}

void peer::leave(bool abruptly)
{
    if (abruptly)
        channel_->abort();
    else
        channel_->close();
    if (auto* const left = std::exchange(session_, nullptr); left != nullptr) {
        if (left->control == this)
            left->control = nullptr;
        else
            left->members.erase(connection_);
    }
    owner_.forget(*this);
}

}  // namespace deadair::lying
