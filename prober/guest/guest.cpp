#include "prober/guest/guest.hpp"

#include <fmt/format.h>

#include "echo-server/transport/random.hpp"
#include "prober/guest/guest_times.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// How often the lookout's connection is looked at; its keepalives pass once a second.
constexpr auto beat_interval = 250ms;
// Of a server that is busy.
constexpr nanoseconds answer_max = 15s;
}  // namespace

guest::guest(boost::asio::io_context& io, const host& at, std::uint32_t connections_max,
             const run_clock& clock, inbox& into)
    : io_{io},
      at_{at},
      clock_{clock},
      inbox_{into},
      lookout_{
          observation::lookout::limits{.connections_max = connections_max,
                                       .packets_answer = at.speaks == dialogue::language::tcp}},
      timer_{io},
      stay_{fmt::format("{:016x}", net::random_bytes<std::array<std::uint64_t, 1>>()[0])}
{
}

dialogue::fresh guest::fresh_of(std::uint32_t number) const
{
    const auto is = !at_.lets_speak            ? dialogue::role::none
                    : number == lookout_number ? dialogue::role::lets_speak
                                               : dialogue::role::spoken_to;
    return {.is = is, .number = number, .stay = stay_};
}

void guest::stop_all()
{
    timer_.cancel();
    if (outlook_)
        outlook_->abort();
    for (auto& [number, each] : tested_) {
        each.wire->abort();
        if (each.twin)
            each.twin->abort();
    }
}

void guest::beat()
{
    if (outlook_ && lookout_.up()) {
        const auto now = outlook_->facts();
        lookout_.counted(now.segments_in, clock_.now());
        inbox_.put(observation::control_measured{
            .rto = std::chrono::microseconds{now.rto_us},
            .clock_error = std::chrono::microseconds{now.rtt_us} / 2 + timer_tick});
    }
    look();
    for (auto& [number, each] : tested_) {
        give_up_deaf(number, each);
        listen_to(number, each, clock_.now());
    }
    timer_.expires_after(beat_interval);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            beat();
    });
}

// A server that sends by itself, keepalives of its kernel's for example, ends the silence: what
// came shows that the binding was there, and nobody sees what lies beyond.
void guest::listen_to(std::uint32_t number, tested& one, nanoseconds now)
{
    const auto quiet = now - one.quiet_since;
    const auto told = facts(number);
    const bool answer_is_due = one.asked && !one.asked_for_later;
    if (answer_is_due || one.quiet_since == nanoseconds{} || quiet < observation::settle_after ||
        !told)
        return;
    const bool came = one.segments_in && *one.segments_in != told->segments_in;
    if (came && quiet >= server_at_once) {
        const auto surely_silent_until = one.looked_at - one.settled;
        one.quiet_since = {};
        inbox_.put(observation::gone{.connection = number,
                                     .how = outcome::closed,
                                     .why = "the server spoke by itself",
                                     .ticket_sent = true,
                                     .by_server = true,
                                     .server_saw = "spoke",
                                     .seen_at = surely_silent_until});
        return;
    }
    if (came || !one.segments_in)
        one.settled = quiet;
    one.trailed = one.trailed || came;
    one.segments_in = told->segments_in;
    one.looked_at = now;
}

void guest::look()
{
    for (const auto& each : lookout_.act(clock_.now()))
        std::visit([this](const auto& one) { carry_out_one(one); }, each);
    for (auto& each : lookout_.take_events())
        inbox_.put(std::move(each));
}

void guest::carry_out(const observation::action& wanted)
{
    std::visit([this](const auto& one) { carry_out_one(one); }, wanted);
}

void guest::carry_out_one(const observation::lookout::open&)
{
    outlook_ = std::make_shared<line>(io_, at_, at_.where.address.begin()->first,
                                      fresh_of(lookout_number), *this);
    outlook_->open();
}

void guest::carry_out_one(const observation::lookout::ask&)
{
    outlook_->ask();
}

void guest::carry_out_one(const observation::lookout::end&)
{
    outlook_->abort();
}

// This server has no tickets to give: everybody is let in.
void guest::carry_out_one(const observation::request_tickets& wanted)
{
    inbox_.put(observation::tickets{std::vector<observation::opening::ticket>(wanted.count)});
}

void guest::carry_out_one(const observation::connect& wanted)
{
    const auto number = wanted.connection;
    auto& here = tested_[number];
    here = {.wire = std::make_shared<line>(io_, at_, wanted.on.family, fresh_of(number), *this),
            .on = wanted.on,
            .opened = clock_.now()};
    here.wire->open();
}

void guest::carry_out_one(const observation::speak& wanted)
{
    const auto found = tested_.find(wanted.connection);
    if (found == tested_.end())
        return;
    auto& here = found->second;
    expect(here, wanted.probe);
    // The time is that before the packet leaves: the verdict may wait a little longer for it.
    inbox_.put(observation::said{
        .probe = wanted.probe, .connection = wanted.connection, .before = here.wire->facts()});
    here.wire->ask();
}

void guest::carry_out_one(const observation::query& wanted)
{
    lookout_.query(wanted.connection);
    look();
}

void guest::carry_out_one(const observation::end_connection& wanted)
{
    const auto found = tested_.find(wanted.connection);
    if (found == tested_.end())
        return;
    found->second.wire->abort();
    if (found->second.twin)
        found->second.twin->abort();
    tested_.erase(found);
}

void guest::carry_out_one(const observation::end_control&)
{
    if (outlook_)
        outlook_->abort();
}

std::optional<opened_connection> guest::opened(std::uint32_t number)
{
    const auto found = tested_.find(number);
    if (found == tested_.end())
        return std::nullopt;
    const auto& here = found->second;
    return opened_connection{.number = number,
                             .on = here.on,
                             .local = here.wire->local(),
                             .remote = here.wire->remote(),
                             .seen_as = {},
                             .opened = here.opened,
                             .socket_options = R"({"SO_KEEPALIVE":0,"TCP_NODELAY":1})"};
}

std::optional<socket_facts> guest::facts(observation::connection_id number)
{
    const auto found = tested_.find(number);
    const auto told = found == tested_.end() ? socket_facts{} : found->second.wire->facts();
    return told == socket_facts{} ? std::nullopt : std::optional{told};
}

socket_facts guest::control_facts()
{
    return outlook_ ? outlook_->facts() : socket_facts{};
}

std::function<std::unique_ptr<any_stay>(stay_user&)> guest_at(boost::asio::io_context& io,
                                                              const host& at,
                                                              std::uint32_t connections_max)
{
    return [&io, &at, connections_max](stay_user& user) {
        // Of a keepalive no kernel says that it has been acknowledged.
        const bool told = at.speaks != dialogue::language::tcp;
        const any_stay::settings how{.seen = {.doubted_by = direction::to_server,
                                              .answer_max = told ? answer_max : nanoseconds{}},
                                     .clock = {}};
        const any_stay::make_sockets make = [&, connections_max](const run_clock& clock,
                                                                 inbox& into) {
            return std::make_unique<guest>(io, at, connections_max, clock, into);
        };
        return std::make_unique<any_stay>(io, how, make, user);
    };
}

}  // namespace deadair::prober
