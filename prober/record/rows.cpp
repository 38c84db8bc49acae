#include "prober/record/rows.hpp"

namespace deadair::prober {

namespace {

template <class Row>
void write_one(store::database& into, Row& one, store::run_id of)
{
    one.run = of;
    if constexpr (std::is_same_v<Row, store::connection_end>)
        into.set_end(one);
    else
        into.add(one);
}

void write_one(store::database& into, transferred& one, store::run_id of)
{
    one.what.run = of;
    into.add(one.what, one.progress);
}

void write_one(store::database& into, path_figures& all, store::run_id of)
{
    for (auto& each : all)
        each.run = of;
    into.add(all);
}

}  // namespace

void write(store::database& into, row what, store::run_id of)
{
    std::visit([&](auto& one) { write_one(into, one, of); }, what);
}

store::connection row_of(const opened_connection& here)
{
    store::connection made{.connection_id = here.number,
                           .on = here.on,
                           .local_address = here.local.address().to_string(),
                           .local_port = here.local.port(),
                           .server_address = here.remote.address().to_string(),
                           .opened = here.opened,
                           .socket_options = here.socket_options};
    if (here.seen_as) {
        made.seen_address = here.seen_as->address().to_string();
        made.seen_port = here.seen_as->port();
    }
    return made;
}

store::probe row_of(const flight& probe, outcome result, nanoseconds at)
{
    const bool answered = result == outcome::delivered || result == outcome::voided;
    return {.probe_id = probe.probe,
            .connection_id = probe.connection,
            .way = probe.way,
            .how = probe.how,
            .idle_age = probe.idle_age,
            .idle_age_error = probe.idle_age_error,
            .unprompted = probe.unprompted,
            .sent = probe.sent,
            .verdict = at,
            .result = result,
            .void_reason = result == outcome::voided ? probe.doubt : "",
            .round_trip = probe.round_trip,
            .retransmissions = probe.retransmitted,
            .unanswered = answered ? 0 : probe.retransmitted + 1,
            .retransmitted_before = probe.left && !probe.unprompted
                                        ? std::optional{probe.retransmitted_before}
                                        : std::nullopt,
            .server_saw = probe.server_saw};
}

store::message row_of(const hold::message& said, const flight& probe, outcome result,
                      nanoseconds at)
{
    return {.message_id = said.number,
            .connection_id = said.connection,
            .way = said.way,
            .unprotected = said.unprotected,
            .replaced = said.replaced,
            .unprompted = false,
            .quiet = said.quiet,
            .sent = probe.sent,
            .verdict = at,
            .result = result,
            .void_reason = result == outcome::voided ? probe.doubt : ""};
}

store::message end_row(connection& here, const flight& seen, bool unprotected, outcome result,
                       nanoseconds at)
{
    return {.message_id = seen.probe,
            .connection_id = here.number(),
            .way = seen.way,
            .unprotected = unprotected,
            .replaced = false,
            .unprompted = true,
            .quiet = seen.idle_age,
            .sent = seen.sent,
            .verdict = at,
            .result = result,
            .void_reason = result == outcome::voided ? seen.doubt : ""};
}

store::connection_end closing_row(std::uint32_t connection, const std::string& client_saw,
                                  nanoseconds at)
{
    return {.connection_id = connection,
            .last_delivered = std::nullopt,
            .first_undelivered = std::nullopt,
            .ended = at,
            .client_saw = client_saw,
            .server_saw = ""};
}

}  // namespace deadair::prober
