#include "prober/session/control.hpp"

#include <fmt/format.h>

#include "echo-server/transport/random.hpp"
#include "echo-server/wire/limits.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// Silence of the control connection that counts as an outage: three heartbeats.
constexpr auto silence_max = 3 * wire::heartbeat_interval;
// When it has been silent for this long a new connection is tried.
constexpr auto silence_to_reconnect = 6s;
// From connect to welcome.
constexpr auto set_up_max = 10s;
// Between two tries to come back.
constexpr auto retry_pause = 1s;

}  // namespace

control::control(boost::asio::io_context& io, const target& server, settings how,
                 const run_clock& clock, control_events& owner)
    : io_{io}, server_{server}, how_{std::move(how)}, clock_{clock}, owner_{owner}, timer_{io}
{
}

control::~control()
{
    stop();
}

void control::start()
{
    connect();
    tick();
}

void control::stop()
{
    stopped_ = true;
    timer_.cancel();
    if (channel_)
        channel_->close();
}

void control::connect()
{
    stage_ = stage::connecting;
    since_ = clock_.now();
    net::channel::client_options options{.kind = how_.kind,
                                         .host = server_.host,
                                         .context = server_.context,
                                         .through = server_.proxy(),
                                         .port = how_.port,
                                         .whom = &server_.whom,
                                         .from = server_.from};
    channel_ = net::channel::connect(io_.get_executor(), how_.endpoint, std::move(options), *this);
}

std::string control::on_secured(SSL* ssl)
{
    const auto seen = net::identity_of(ssl, server_.whom);
    if (seen.pin_matches || server_.whom.allow_interception)
        return {};
    return fmt::format(
        "the server's key is {} and not the pinned one; its certificate was issued by {}. Either "
        "the pin is of another server, or something on the path opens TLS (then "
        "--allow-interception measures through it)",
        seen.pin, seen.issuer);
}

void control::on_open()
{
    channel_->accept_bodies_up_to(wire::body_max);
    exchange_ = {};
    net::fill_random(exchange_.client_nonce);
    if (!how_.unbound)
        exchange_.binding = net::binding_of(channel_->ssl());
    server_can_ = {};
    send(wire::encode(wire::hello{.client_nonce = exchange_.client_nonce,
                                  .resume = session_,
                                  .unbound = how_.unbound,
                                  .asks_abilities = true}));
}

void control::on_frame(const wire::frame& seen)
{
    heard_at_ = clock_.now();
    switch (seen.type) {
        case wire::frame_type::challenge:
            return on_challenge(seen.body);
        case wire::frame_type::abilities:
            return on_abilities(seen.body);
        case wire::frame_type::welcome:
            return on_welcome(seen.body);
        case wire::frame_type::refused:
            return on_refused(seen.body);
        case wire::frame_type::heartbeat_echo:
            return on_heartbeat_echo(seen.body);
        default:
            return on_report(seen);
    }
}

void control::on_challenge(wire::bytes body)
{
    const auto said = wire::decode<wire::challenge>(body);
    if (!said || stage_ != stage::connecting)
        return drop("the server's challenge makes no sense");
    exchange_.server_nonce = said->server_nonce;
    stage_ = stage::challenged;
    send(wire::encode(wire::proof{wire::prove_client(how_.token, exchange_)}));
}

// Nothing is made of them before the welcome proves who said it.
void control::on_abilities(wire::bytes body)
{
    const auto said = wire::decode<wire::abilities>(body);
    if (!said || stage_ != stage::challenged)
        return drop("what the server says that it can do makes no sense");
    server_can_ = *said;
}

void control::on_welcome(wire::bytes body)
{
    const auto said = wire::decode<wire::welcome>(body);
    if (!said || stage_ != stage::challenged ||
        !wire::same(said->server, wire::prove_server(how_.token, exchange_)))
        return drop("the server could not prove that it knows the token");
    stage_ = stage::up;
    since_ = clock_.now();
    silent_ = false;
    const bool resumed = been_up_ && said->resumed;
    been_up_ = true;
    session_ = said->session;
    server_clock_ = {};
    beats_.restart();
    beat();
    owner_.on_control_up(*said, resumed);
}

void control::on_refused(wire::bytes body)
{
    const auto said = wire::decode<wire::refused>(body);
    drop("the server refuses: " + (said ? wire::describe(said->why) : "for a reason unknown here"));
}

void control::on_heartbeat_echo(wire::bytes body)
{
    const auto said = wire::decode<wire::heartbeat_echo>(body);
    if (stage_ != stage::up)
        return;
    const auto now = clock_.now();
    const auto left = said ? beats_.answered(said->sequence, said->server_time, now) : std::nullopt;
    if (!left || *left != said->prober_time)
        return drop("the server answers a heartbeat that was not sent");
    server_clock_.sample(*left, said->server_time, now);
    worked_at_ = std::max(worked_at_, *left);
    if (std::exchange(silent_, false))
        owner_.on_control_heard();
    owner_.on_control_measured();
}

void control::on_report(const wire::frame& seen)
{
    if (stage_ != stage::up)
        return drop("the server reports before it is known");
    const auto tell = [&]<class Message>(std::optional<Message> said, auto what) {
        if (said)
            (owner_.*what)(*said);
        else
            drop("a report of the server is malformed");
    };
    switch (seen.type) {
        case wire::frame_type::tickets:
            return tell(wire::decode<wire::tickets>(seen.body), &control_events::on_tickets);
        case wire::frame_type::spoke:
            return tell(wire::decode<wire::spoke>(seen.body), &control_events::on_spoke);
        case wire::frame_type::received:
            return tell(wire::decode<wire::received>(seen.body), &control_events::on_received);
        case wire::frame_type::transferred:
            return tell(wire::decode<wire::transferred>(seen.body),
                        &control_events::on_transferred);
        case wire::frame_type::ended:
            return tell(wire::decode<wire::ended>(seen.body), &control_events::on_far_end);
        case wire::frame_type::state:
            return tell(wire::decode<wire::state>(seen.body), &control_events::on_far_state);
        default:
            drop("the server sent a frame that does not belong on a control connection");
    }
}

void control::on_end(wire::end_cause cause, const std::string& detail)
{
    if (cause == wire::end_cause::broken || stage_ == stage::up)
        return drop(detail);
    drop(fmt::format("{}; is the echo server running there, and may this host reach the port?",
                     detail));
}

void control::drop(const std::string& why)
{
    if (channel_)
        channel_->abort();
    const bool was_up = stage_ == stage::up;
    stage_ = stage::down;
    since_ = clock_.now();
    if (!been_up_) {
        timer_.cancel();
        stopped_ = true;
        return owner_.on_control_failed(why);
    }
    if (was_up && !std::exchange(silent_, true))
        owner_.on_control_down(why);
}

void control::tick()
{
    timer_.expires_after(wire::heartbeat_interval);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error || stopped_)
            return;
        beat();
        if (!stopped_)
            tick();
    });
}

void control::beat()
{
    const auto now = clock_.now();
    switch (stage_) {
        case stage::down:
            if (now - since_ >= retry_pause)
                connect();
            return;
        case stage::connecting:
        case stage::challenged:
            if (now - since_ >= set_up_max)
                drop(fmt::format("the server did not answer within {} s", set_up_max.count()));
            return;
        case stage::up:
            break;
    }
    send(wire::encode(wire::heartbeat{.sequence = beats_.sent(now), .prober_time = now}));
    const auto silence = now - std::max(heard_at_, since_);
    if (silence > silence_to_reconnect)
        return drop("the control connection is silent");
    if (silence > silence_max && !std::exchange(silent_, true))
        owner_.on_control_down("the control connection is silent");
}

void control::speak(std::uint32_t probe, std::uint32_t connection)
{
    send(wire::encode(wire::speak{.probe = probe, .connection = connection}));
}

void control::send(const wire::buffer& frame)
{
    if (channel_)
        channel_->send(frame);
}

}  // namespace deadair::prober
