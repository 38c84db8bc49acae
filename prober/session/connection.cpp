#include "prober/session/connection.hpp"

#include <fmt/format.h>

#include <bit>

#include "echo-server/transport/socket.hpp"
#include "echo-server/wire/limits.hpp"

namespace deadair::prober {

namespace {

net::tcp::endpoint seen_by_server(const wire::joined& said)
{
    const boost::asio::ip::address_v6 address{
        std::bit_cast<boost::asio::ip::address_v6::bytes_type>(said.address)};
    if (address.is_v4_mapped())
        return {boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address), said.port};
    return {address, said.port};
}

}  // namespace

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
        const auto said = wire::decode<wire::joined>(seen.body);
        if (!said)
            return fail("the server's answer to a join cannot be read");
        joined_ = true;
        channel_->hibernate_when_idle();
        seen_as_ = seen_by_server(*said);
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
            return fail(wire::describe(said->why));
    fail("the server sent what does not belong on a probe connection");
}

// A connection ends once: what the channel would tell of its end has been told.
void connection::fail(const std::string& why)
{
    channel_->abort();
    on_end(wire::end_cause::broken, why);
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
    if (with.tcp_keepalive) {
        net::keepalive how{
            .idle = std::chrono::duration_cast<std::chrono::seconds>(*with.tcp_keepalive)};
        if (with.tcp_keepalive_interval)
            how.interval = std::chrono::ceil<std::chrono::seconds>(*with.tcp_keepalive_interval);
        how.count = with.tcp_keepalive_count.value_or(how.count);
        net::keep_alive(channel_->native_socket(), how);
    }
}

opened_connection connection::as_opened() const
{
    return {.number = number_,
            .on = on_,
            .local = local_,
            .remote = remote_,
            .seen_as = seen_as_,
            .opened = opened_at_,
            .socket_options = socket_options()};
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

}  // namespace deadair::prober
