// What observation makes of what it is told.
#include <fmt/format.h>

#include <algorithm>

#include "prober/observation/observation.hpp"

namespace deadair::observation {

namespace {

using namespace std::chrono_literals;

// When the loop wakes so much later than it asked, the process was stopped: nothing that was
// under way can be vouched for.
constexpr nanoseconds stall_max = 1s;

}  // namespace

// A host that slept, or a process that was stopped, cannot vouch for what was under way.
void observation::see(const woke& seen, time at)
{
    const auto stalled = at - seen.expected;
    if (!begun_ || (seen.slept < stall_max && stalled < stall_max))
        return;
    happened(happening::suspended,
             fmt::format("the host slept or the program was stopped for {:.1f} s",
                         to_seconds(std::max(seen.slept, stalled))),
             at);
    probes_.void_all("the host slept or the program was stopped while the probe was under way", at);
    take_from_probes(at);
    // While the host slept, idle ages grew and our clock stood still.
    if (seen.slept >= stall_max)
        void_connections(at);
}

void observation::see(const control_up& seen, time at)
{
    up_ = true;
    outage_.control_up(at);
    opening_.on(opening::control_up{.resumed = begun_ && seen.resumed});
    if (!std::exchange(begun_, true))
        return tell(note::begun{seen.connections_max}, at);
    if (!seen.resumed)
        start_over(at);
    doubt_bindings(at);
}

// The server does not know our session any more: it was restarted, or we were away for too long.
void observation::start_over(time at)
{
    happened(happening::server_restarted,
             "the server no longer knows the session; its connections are void", at);
    probes_.start_over();
    void_connections(at);
}

void observation::see(const control_down& seen, time at)
{
    if (!begun_)
        return;
    up_ = false;
    opening_.on(opening::control_down{});
    outage_.began(seen.worked_at, at);
    happened(happening::outage_began, seen.why, at);
    tell(note::outage_began{}, at);
    probes_.void_all("the control connection failed while the probe was under way", at);
    take_from_probes(at);
    if (const auto why = outage_.hopeless(seen.why); !why.empty())
        fail(why, at);
}

void observation::see(const control_heard&, time at)
{
    up_ = true;
    opening_.on(opening::control_heard{});
    outage_over(at);
}

void observation::see(const control_failed& seen, time at)
{
    fail(seen.why, at);
}

void observation::see(const control_measured& seen, time)
{
    patience_.sample(seen.rto);
    probes_.clock_error(seen.clock_error);
}

void observation::see(const tickets& seen, time at)
{
    opening_.on(opening::tickets{seen.values}, at);
}

void observation::outage_over(time at)
{
    if (!outage_.lasting())
        return;
    outage_.over();
    all_.interrupt();
    happened(happening::outage_ended, "the control connection works again", at);
    tell(note::outage_over{}, at);
}

void observation::doubt_bindings(time at)
{
    if (!outage_.lasting())
        return;
    if (const auto asked = outage_.telling(all_, probes_, at)) {
        const auto with = probes_.fresh_number();
        outage_.asked(with);
        return probe(with, *asked, doubted_by_, at);
    }
    happened(happening::bindings_in_doubt,
             "no connection can tell whether the others are still known: all are void", at);
    void_connections(at);
    outage_over(at);
}

void observation::doubt_answered(const flight& asked, outcome result, time at)
{
    if (!up_)
        return;  // the next control connection asks again
    const bool known = result == outcome::delivered;
    if (known)
        happened(happening::bindings_survived, "a connection from before the outage still works",
                 at);
    else if (result == outcome::voided)
        happened(happening::bindings_in_doubt,
                 fmt::format("whether connections outlived the outage could not be told ({}): all "
                             "are void",
                             asked.doubt),
                 at);
    else
        happened(happening::bindings_lost,
                 "connections from before the outage no longer work, although none was silent for "
                 "too long: all are void",
                 at);
    // Its silence is not what the user takes it for.
    if (all_.find(asked.connection) != nullptr) {
        tell(note::voided{asked.connection}, at);
        close(asked.connection, "own", at);
    }
    if (!known)
        void_connections(at);
    outage_over(at);
}

// Those that wait for their turn have nothing to lose.
void observation::void_connections(time at)
{
    std::vector<connection_id> touched;
    for (const auto& [number, each] : all_.all())
        if (each.is != watched::stage::wanted)
            touched.push_back(number);
    for (const auto number : touched) {
        tell(note::voided{number}, at);
        close(number, "own", at);
    }
}

void observation::see(const joined& seen, time at)
{
    const auto* const here = all_.find(seen.connection);
    if (here == nullptr || here->is != watched::stage::begun)
        return;
    opening_.on(opening::joined{seen.connection});
    all_.joined(seen.connection, at);
    tell(note::opened{seen.connection, here->quiet.since()}, at);
}

// A connection ends once; what is told of it later is told of one that is not there.
void observation::see(const gone& seen, time at)
{
    const auto* const here = all_.find(seen.connection);
    if (here == nullptr || here->is == watched::stage::wanted)
        return;
    if (here->joined())
        return probes_.on(probes::end{.connection = seen.connection,
                                      .how = seen.how,
                                      .server_saw = seen.server_saw,
                                      .by_server = seen.by_server,
                                      .seen_at = seen.seen_at},
                          at);
    open_failed(seen.connection, seen.why, seen.ticket_sent, at);
}

void observation::see(const far_ended& seen, time at)
{
    const auto* const here = all_.find(seen.connection);
    if (here != nullptr && here->joined())
        return probes_.on(probes::end{.connection = seen.connection,
                                      .how = seen.how,
                                      .server_saw = seen.server_saw,
                                      .by_server = false,
                                      .seen_at = {}},
                          at);
    if (here == nullptr && all_.was_here(seen.connection))
        return;  // it saw the end that we made
    disbelieve(fmt::format("the server says that connection {} ended, which was not open",
                           seen.connection),
               at);
    if (here != nullptr && here->is == watched::stage::begun)
        open_failed(seen.connection, "the server says that it ended before it was open", true, at);
}

template <class Report>
void observation::see(const Report& seen, time at)
{
    probes_.on(seen, at);
}

template void observation::see(const said&, time);
template void observation::see(const heard&, time);
template void observation::see(const spoke&, time);
template void observation::see(const received&, time);
template void observation::see(const far_state&, time);
template void observation::see(const path_works&, time);

void observation::open_failed(connection_id number, const std::string& why, bool ticket_sent,
                              time at)
{
    const auto* const here = all_.find(number);
    if (here == nullptr)
        return;
    const note::open_failed failed{number, here->on,
                                   here->is == watched::stage::begun ? here->opened_at : at, why};
    happened(happening::open_failed,
             fmt::format("connection {} ({}): {}", number, deadair::to_string(here->on.kind), why),
             at);
    if (here->is == watched::stage::begun)
        todo_.emplace_back(end_connection{number});
    opening_.on(opening::failed{number, ticket_sent, why});
    all_.remove(number);
    tell(failed, at);
}

void observation::do_opening(time now)
{
    for (const auto& each : opening_.act(now)) {
        if (const auto* const ask = std::get_if<opening::ask_for_tickets>(&each))
            todo_.emplace_back(request_tickets{ask->count});
        else if (const auto* const give_up = std::get_if<opening::give_up>(&each))
            open_failed(give_up->number, give_up->why, true, now);
        else if (const auto* const end = std::get_if<opening::end>(&each))
            fail(end->why, now);
        else if (const auto* const begin = std::get_if<opening::connect>(&each))
            if (const auto* const here = all_.find(begin->number)) {
                all_.begun(begin->number, now);
                todo_.emplace_back(connect{begin->number, here->on, begin->admission});
            }
    }
}

}  // namespace deadair::observation
