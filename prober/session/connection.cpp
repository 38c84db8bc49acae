#include "prober/session/connection.hpp"

#include <fmt/format.h>

#include "echo-server/transport/socket.hpp"
#include "echo-server/wire/limits.hpp"

namespace deadair::prober {

connection::connection(std::uint32_t number, path on, const run_clock& clock,
                       connection_events& owner)
    : number_{number}, on_{on}, clock_{clock}, owner_{owner}
{
}

connection::~connection()
{
    if (channel_)
        channel_->close();
}

void connection::open(boost::asio::io_context& io, const target& server,
                      const wire::ticket& admission)
{
    server_ = &server;
    admission_ = admission;
    opened_at_ = clock_.now();
    remote_ = server.endpoint(on_.family, on_.server_port);
    net::channel::client_options options{.kind = on_.kind,
                                         .host = server.host,
                                         .context = server.context,
                                         .through = server.proxy(),
                                         .port = on_.server_port,
                                         .whom = &server.whom,
                                         .from = server.from};
    channel_ = net::channel::connect(io.get_executor(), remote_, std::move(options), *this);
}

std::string connection::on_secured(SSL* ssl)
{
    if (net::identity_of(ssl, server_->whom).pin_matches || server_->whom.allow_interception)
        return {};
    return "the server's key on this connection is not the pinned one";
}

void connection::on_open()
{
    local_ = channel_->local();
    channel_->accept_bodies_up_to(wire::body_max);
    ticket_sent_ = true;
    channel_->send(wire::encode(wire::join{.admission = admission_, .connection = number_}));
}

void connection::on_frame(const wire::frame& seen)
{
    if (seen.type == wire::frame_type::joined && !joined_) {
        joined_ = true;
        return owner_.on_joined(*this);
    }
    if (seen.type == wire::frame_type::probe && joined_)
        if (const auto said = wire::decode<wire::probe>(seen.body))
            return owner_.on_heard(*this, said->probe_number);
    if (seen.type == wire::frame_type::filler && joined_)
        return;
    if (seen.type == wire::frame_type::bulk && joined_)
        return owner_.on_bulk(*this, seen.body.size());
    if (seen.type == wire::frame_type::refused)
        if (const auto said = wire::decode<wire::refused>(seen.body))
            return on_end(wire::end_cause::broken, wire::describe(said->why));
    on_end(wire::end_cause::broken, "the server sent what does not belong on a probe connection");
}

void connection::on_drained()
{
    if (joined_)
        owner_.on_drained(*this);
}

void connection::on_end(wire::end_cause cause, const std::string& detail)
{
    owner_.on_gone(*this, cause, detail);
}

void connection::speak(std::uint32_t probe)
{
    channel_->send(wire::encode(wire::probe{probe}));
}

void connection::keep(const hold::settings& with)
{
    settings_ = with;
    kept_ = with.refreshes(on_.kind);
    if (with.tcp_keepalive) {
        net::keepalive how{
            .idle = std::chrono::duration_cast<std::chrono::seconds>(*with.tcp_keepalive)};
        if (with.tcp_keepalive_interval)
            how.interval = std::chrono::ceil<std::chrono::seconds>(*with.tcp_keepalive_interval);
        how.count = with.tcp_keepalive_count.value_or(how.count);
        net::keep_alive(channel_->native_socket(), how);
    }
}

std::string connection::socket_options() const
{
    const bool pings = settings_.ws_ping && is_websocket(on_.kind);
    return fmt::format(R"({{"SO_KEEPALIVE":{},"TCP_KEEPIDLE":{},"ws_ping_s":{},"TCP_NODELAY":1}})",
                       settings_.tcp_keepalive ? 1 : 0,
                       to_seconds(settings_.tcp_keepalive.value_or(nanoseconds{})),
                       pings ? to_seconds(*settings_.ws_ping) : 0);
}

void connection::close()
{
    channel_->close();
}

void connection::abort()
{
    channel_->abort();
}

void connection::rest(nanoseconds at, nanoseconds error)
{
    idle_since_ = at;
    idle_error_ = error;
    at_rest_ = facts();
}

void connection::settle()
{
    const auto now = facts();
    const bool still =
        now.segments_in == at_rest_.segments_in && now.segments_out == at_rest_.segments_out;
    if (still || by_ != refresh::none)
        return;
    // The last packet passed somewhere between `rest` and now.
    const auto upper = clock_.now();
    const auto lower = idle_since_ - idle_error_;
    idle_error_ = (upper - lower) / 2;
    idle_since_ = lower + idle_error_;
    at_rest_ = now;
}

void connection::refreshed(refresh by, refresh_side from)
{
    by_ = by;
    from_ = from;
}

std::string connection::disturbance()
{
    if (kept_)
        return {};
    const auto now = facts();
    if (by_ != refresh::none)
        return from_ != refresh_side::client || now.segments_out != at_rest_.segments_out
                   ? ""
                   : "nothing was sent to refresh the connection";
    if (now.segments_in < at_rest_.segments_in)
        return "the connection ended before the probe";  // and its counters with it
    const auto in = now.segments_in - at_rest_.segments_in;
    const auto out = now.segments_out - at_rest_.segments_out;
    if (in != 0 || out != 0)
        return fmt::format("{} segments came and {} left during the silence", in, out);
    if (now.unacknowledged != 0)
        return "the silence began with data unacknowledged";
    return {};
}

}  // namespace deadair::prober
