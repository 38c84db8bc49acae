#include "tests/simulation/stay.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace deadair::simulation {

namespace {

constexpr int keepalive_count = 8;  // questions without an answer

}  // namespace

stay::stay(middlebox& box, const network& net, std::uint64_t seed)
    : net_{net},
      random_{seed},
      by_{when_, net, box, random_},
      ends_{when_, net, by_, *this},
      control_{when_, net, by_, box.minds_busy_connections(),
               [this](observation::event what) { put(std::move(what)); }},
      // Within what the translation of clocks admits.
      server_{when_, net, ends_, control_, drawn(net.round_trip / 2, random_) - net.round_trip / 4}
{
}

void stay::start()
{
    by_.on_cut([this](const cut& each) {
        if (each.flow == control_flow)
            control_.ended("the control connection ended");
        else
            ends_.cut_both(each);
    });
    befall();
    control_.start();
}

void stay::befall()
{
    if (net_.server_restart)
        when_.at(*net_.server_restart, [this] { restart(); });
    if (net_.suspended_at)
        when_.at(*net_.suspended_at, [this] { fall_asleep(); });
}

void stay::restart()
{
    ends_.server_runs(false);
    control_.server_runs(false);
    when_.after(net_.server_down_for, [this] {
        ends_.server_runs(true);
        control_.server_runs(true);
    });
}

// No time passes on its own clock. The server has given the control connection up meanwhile.
void stay::fall_asleep()
{
    by_.sleep(net_.suspended_for);
    put(observation::woke{.expected = when_.now(), .slept = net_.suspended_for});
    when_.after(net_.round_trip,
                [this] { control_.ended("the server closed the control connection"); });
}

// Scattered, as a kernel chooses them: not in step with the paths, which take turns.
std::uint16_t stay::port_of(flow_id flow) const
{
    return static_cast<std::uint16_t>(20000 + (flow * 2654435761U >> 16) % 20000);
}

void stay::opened(flow_id flow)
{
    put(observation::joined{flow});
}

void stay::refused(flow_id flow)
{
    put(observation::gone{
        .connection = flow, .how = outcome::reset, .why = "refused", .ticket_sent = false});
}

void stay::arrived(flow_id flow, side at, message what)
{
    if (at == side::outside)
        server_.arrived(flow, what);
    else if (what != 0)
        put(observation::heard{what, flow});
}

void stay::ended(flow_id flow, side at, outcome how)
{
    if (at == side::outside)
        server_.ended(flow, how);
    else
        put(observation::gone{.connection = flow,
                              .how = how,
                              .why = std::string{to_string(how)},
                              .ticket_sent = true});
}

void stay::carry_out(const observation::action& todo)
{
    std::visit([this](const auto& one) { take(one); }, todo);
}

void stay::take(const observation::connect& todo)
{
    ends_.open(todo.connection, port_of(todo.connection));
}

void stay::take(const observation::request_tickets& todo)
{
    server_.give_tickets(todo.count);
}

void stay::take(const observation::speak& todo)
{
    put(observation::said{.probe = todo.probe,
                          .connection = todo.connection,
                          .before = facts(todo.connection).value_or(socket_facts{})});
    ends_.say(todo.connection, side::inside, todo.probe);
}

void stay::take(const observation::let_speak& todo)
{
    server_.speak(todo.probe, todo.connection);
}

void stay::take(const observation::query& todo)
{
    server_.query(todo.connection);
}

void stay::take(const observation::refresh_connection& todo)
{
    const auto flow = todo.connection;
    if (todo.how.from != refresh_side::server)
        refresh(flow, side::inside, todo.how.by, todo.every);
    if (todo.how.from != refresh_side::client)
        control_.to_server([this, flow, by = todo.how.by, every = todo.every] {
            refresh(flow, side::outside, by, every);
        });
}

void stay::refresh(flow_id flow, side from, deadair::refresh by, nanoseconds every)
{
    if (!ends_.is_open(flow, from))
        return;
    when_.after(every, [this, flow, from, by, every] {
        if (by == deadair::refresh::tcp_keepalive)
            keepalive(flow, from, keepalive_count);
        else
            ends_.say(flow, from, 0);
        refresh(flow, from, by, every);
    });
}

void stay::keepalive(flow_id flow, side from, int more)
{
    ends_.ask_to_acknowledge(flow, from);
    if (!net_.keepalive_interval || more <= 1)
        return;
    when_.after(*net_.keepalive_interval, [this, flow, from, more] {
        const auto facts = ends_.facts(flow, from);
        if (facts &&
            std::chrono::milliseconds{facts->since_ack_received_ms} >= *net_.keepalive_interval)
            keepalive(flow, from, more - 1);
    });
}

void stay::take(const observation::end_connection& todo)
{
    ends_.reset(todo.connection, side::inside);
}

// No plan that runs here asks for it.
void stay::take(const observation::refresh_within& todo)
{
    throw std::logic_error{fmt::format("connection {}: this path has no hops", todo.connection)};
}

void stay::take(const observation::end_control& todo)
{
    control_.ended(todo.why);
}

}  // namespace deadair::simulation
