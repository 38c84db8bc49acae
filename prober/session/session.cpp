#include "prober/session/session.hpp"

#include <boost/asio/post.hpp>

#include "echo-server/transport/socket.hpp"

namespace deadair::prober {

session::session(boost::asio::io_context& io, const target& server, control::settings how,
                 const run_clock& clock, inbox& into)
    : io_{io},
      server_{server},
      clock_{clock},
      inbox_{into},
      control_{io, server, std::move(how), clock, *this},
      companion_{control_},
      refreshes_{io}
{
}

session::~session() = default;

void session::stop()
{
    refreshes_.stop();
    control_.stop();
}

connection* session::find(std::uint32_t number)
{
    const auto found = connections_.find(number);
    return found == connections_.end() ? nullptr : found->second.get();
}

std::optional<opened_connection> session::opened(std::uint32_t number)
{
    const auto* const here = find(number);
    return here == nullptr ? std::nullopt : std::optional{here->as_opened()};
}

// A socket that is gone has counted nothing.
std::optional<socket_facts> session::facts(observation::connection_id number)
{
    auto* const here = find(number);
    const auto told = here != nullptr ? here->facts() : socket_facts{};
    return told == socket_facts{} ? std::nullopt : std::optional{told};
}

void session::carry_out(const observation::action& wanted)
{
    std::visit([this](const auto& one) { carry_out_one(one); }, wanted);
}

void session::carry_out_one(const observation::connect& wanted)
{
    const auto number = wanted.connection;
    auto& here = connections_[number];
    here = std::make_unique<connection>(number, wanted.on, clock_, *this);
    here->open(io_, server_, wanted.admission);
}

void session::carry_out_one(const observation::request_tickets& wanted)
{
    control_.request_tickets(wanted.count);
}

void session::carry_out_one(const observation::speak& wanted)
{
    auto* const here = find(wanted.connection);
    if (here == nullptr)
        return;
    observation::said done{.probe = wanted.probe, .connection = wanted.connection, .before = {}};
    done.before = here->facts();
    refreshes_.end_within(*here->channel());
    const auto before = run_clock::steady::now().time_since_epoch();
    const auto letter = inbox_.put(done);
    const auto channel = here->channel();  // a write that fails ends the connection
    here->speak(wanted.probe);
    inbox_.date(letter, clock_.of_monotonic(net::left_at(channel->native_socket(), before)));
}

void session::carry_out_one(const observation::let_speak& wanted)
{
    // What answers it goes all the way, and nothing revives what it is to find.
    if (auto* const here = find(wanted.connection))
        refreshes_.end_within(*here->channel());
    companion_.speak(wanted.probe, wanted.connection);
}

void session::carry_out_one(const observation::query& wanted)
{
    companion_.query(wanted.connection);
}

void session::carry_out_one(const observation::refresh_connection& wanted)
{
    auto* const here = find(wanted.connection);
    if (here == nullptr)
        return;
    const auto from = wanted.how.from;
    if (from == refresh_side::client || from == refresh_side::both)
        refreshes_.begin(here->channel(), wanted.how.by, wanted.every);
    if (from == refresh_side::server || from == refresh_side::both)
        companion_.refresh(wanted.connection, wanted.how.by, wanted.every);
}

void session::carry_out_one(const observation::refresh_within& wanted)
{
    auto* const here = find(wanted.connection);
    if (here == nullptr)
        return;
    if (wanted.from == refresh_side::client)
        refreshes_.begin_within(here->channel(), wanted.hops, wanted.every);
    else
        control_.refresh_within({.connection = wanted.connection,
                                 .hops = static_cast<std::uint8_t>(wanted.hops),
                                 .every = wanted.every});
}

// It may be in the middle of a call of its own: it is destroyed from the loop.
void session::carry_out_one(const observation::end_connection& wanted)
{
    const auto found = connections_.find(wanted.connection);
    if (found == connections_.end())
        return;
    if (found->second->channel())
        refreshes_.end_within(*found->second->channel());
    found->second->abort();
    boost::asio::post(io_, [kept = std::shared_ptr<connection>(std::move(found->second))] {});
    connections_.erase(found);
}

void session::carry_out_one(const observation::end_control& wanted)
{
    control_.end(wanted.why);
}

void session::keep(connection& here, const hold::settings& with)
{
    here.keep(with);
    if (with.ws_ping && is_websocket(here.on().kind))
        refreshes_.begin(here.channel(), refresh::ws_ping,
                         std::chrono::ceil<std::chrono::milliseconds>(*with.ws_ping));
}

void session::on_control_up(const wire::welcome& said, bool resumed)
{
    on_control_measured();
    inbox_.put(
        observation::control_up{.resumed = resumed, .connections_max = said.connections_max});
}

void session::on_control_down(const std::string& why)
{
    inbox_.put(observation::control_down{.why = why, .worked_at = control_.worked_at()});
}

void session::on_control_heard()
{
    inbox_.put(observation::control_heard{});
}

void session::on_control_failed(const std::string& why)
{
    inbox_.put(observation::control_failed{why});
}

void session::on_control_measured()
{
    inbox_.put(
        observation::control_measured{.rto = std::chrono::microseconds{control_.facts().rto_us},
                                      .clock_error = control_.server_clock().error()});
}

void session::on_tickets(const wire::tickets& said)
{
    inbox_.put(observation::tickets{said.values});
}

void session::on_spoke(const wire::spoke& said)
{
    inbox_.put(companion_.answer(said));
}

void session::on_received(const wire::received& said)
{
    inbox_.put(companion_.answer(said));
}

void session::on_far_end(const wire::ended& said)
{
    inbox_.put(companion_.answer(said));
}

void session::on_far_state(const wire::state& said)
{
    inbox_.put(companion_.answer(said));
}

void session::on_joined(connection& here)
{
    inbox_.put(observation::joined{here.number()});
}

void session::on_heard(connection& here, std::uint32_t probe)
{
    inbox_.put(observation::heard{.probe = probe, .connection = here.number()});
}

void session::on_gone(connection& here, wire::end_cause cause, const std::string& why)
{
    inbox_.put(observation::gone{.connection = here.number(),
                                 .how = outcome_of(cause),
                                 .why = why,
                                 .ticket_sent = here.ticket_sent()});
}

}  // namespace deadair::prober
