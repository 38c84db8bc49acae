#include "prober/observe/book.hpp"

#include <fmt/format.h>

#include <utility>

#include "analysis/capture/record/rows.hpp"
#include "prober/session/run_clock.hpp"

namespace deadair::prober::observe {

namespace {

// Nobody reads the findings of more of them.
constexpr std::size_t runs_max = 1000;

const char* end_in_words(const sockets::ended_silence& seen)
{
    if (seen.closed_by_other)
        return "closed";
    switch (seen.what.result) {
        case outcome::reset:
            return "reset";
        case outcome::lost:
            return "timeout";
        default:
            return "nothing";
    }
}

}  // namespace

book::run* book::run_of(const place& where)
{
    const auto known = runs_.find(where);
    if (known != runs_.end())
        return known->second.get();
    if (runs_.size() >= runs_max)
        return nullptr;
    auto described = like_;
    described.server_endpoint = where.server;
    described.client_host = where.client;
    return runs_.emplace(where, std::make_unique<run>(into_, described)).first->second.get();
}

book::written* book::connection_of(const sockets::told& seen, const place& where, const names& of)
{
    const auto known = connections_.find(seen.whose.cookie);
    if (known != connections_.end())
        return &known->second;
    auto* const in = run_of(where);
    if (in == nullptr) {
        ++left_out_;
        return nullptr;
    }
    const auto number = ++in->connections;
    const auto& whose = seen.whose;
    in->rows.keep(store::connection{.run = {},
                                    .connection_id = number,
                                    .on = {.family = whose.server().family,
                                           .server_port = whose.server().port,
                                           .kind = transport::tcp},
                                    .local_address = of.client_address,
                                    .local_port = whose.client().port,
                                    .server_address = of.server_address,
                                    .opened = whose.seen,
                                    .socket_options = "{}"});
    if (whose.begun_before)
        in->rows.keep(store::event{
            .run = {},
            .at = whose.seen,
            .kind = "begun_before",
            .detail = fmt::format("connection {} began before the observation", number)});
    written made{.in = in, .end = {}};
    made.end.connection_id = number;
    made.end.client_saw = "nothing";
    return &connections_.emplace(whose.cookie, std::move(made)).first->second;
}

void book::keep(const sockets::told& seen, const place& where, const names& of)
{
    auto* const here = connection_of(seen, where, of);
    if (here == nullptr)
        return;
    const auto& what = seen.what.what;
    if (!seen.what.stall) {
        here->in->rows.keep(
            capture::row_of(what, {{}, here->end.connection_id, ++here->in->probes}, {}));
        capture::add(what, here->end);
    }
    (seen.whose.listens ? here->end.server_saw : here->end.client_saw) = end_in_words(seen.what);
    if (auto noticed = incident_of(seen, of.process, where.server)) {
        noticed->noticed_at = utc_now();
        noticed->connection_id = here->end.connection_id;
        here->in->rows.keep(std::move(*noticed));
    }
}

void book::gone(std::uint64_t cookie, nanoseconds at)
{
    auto known = connections_.extract(cookie);
    if (known.empty())
        return;
    known.mapped().end.ended = at;
    known.mapped().in->rows.keep(std::move(known.mapped().end));
}

void book::slept(nanoseconds at, nanoseconds how_long)
{
    for (auto& [where, each] : runs_)
        each->rows.happened(at, observation::happening::suspended,
                            fmt::format("this host slept for {}", format_duration(how_long)));
}

void book::end(store::run_state how, const std::string& note)
{
    for (auto& [where, each] : runs_)
        each->rows.end(how, note);
}

std::vector<store::run_id> book::runs() const
{
    std::vector<store::run_id> all;
    for (const auto& [where, each] : runs_)
        if (const auto number = each->rows.run())
            all.push_back(*number);
    return all;
}

namespace {

std::string who_noticed(const sockets::ended_silence& seen, const std::string& process)
{
    if (!seen.noticed_after)
        return {};
    const auto after = format_duration(*seen.noticed_after);
    return seen.by_program
               ? fmt::format("; {} closed the connection after {}", process, after)
               : fmt::format("; the kernel gave up after {}, which {} learned then at the earliest",
                             after, process);
}

std::string what_happened(const sockets::ended_silence& seen)
{
    const auto& what = seen.what;
    if (seen.stall)
        return fmt::format("what was sent on a busy connection was sent {} times without an answer",
                           what.unanswered);
    const auto age = format_duration(what.age);
    switch (what.result) {
        case outcome::late:
            return fmt::format("the first message after {} of silence was answered {} late", age,
                               format_duration(what.settled_at - what.broken_at));
        case outcome::reset:
            return fmt::format("the first message after {} of silence was answered with a reset",
                               age);
        default:
            return fmt::format(
                "the first {} after {} of silence was sent {} times without an answer",
                what.keepalive ? "keepalive" : "message", age, what.unanswered);
    }
}

incident_kind kind_of(const sockets::ended_silence& seen)
{
    if (seen.stall)
        return incident_kind::outage;
    if (seen.what.result == outcome::reset)
        return incident_kind::reset;
    if (seen.what.result == outcome::late)
        return incident_kind::late_message;
    return seen.what.keepalive ? incident_kind::keepalive_unanswered
                               : incident_kind::missed_message;
}

}  // namespace

std::optional<store::incident> incident_of(const sockets::told& seen, const std::string& process,
                                           const std::string& server)
{
    const auto& what = seen.what.what;
    if (!seen.what.stall && (what.result == outcome::delivered || what.result == outcome::voided))
        return std::nullopt;
    store::incident made;
    made.at = what.settled_at;
    made.kind = kind_of(seen.what);
    made.put_down_to = seen.what.stall ? blame::path : blame::settings;
    made.way = what.way;
    made.quiet = what.age;
    if (seen.what.noticed_after)
        made.unnoticed = what.age + *seen.what.noticed_after;
    (seen.whose.listens ? made.server_saw : made.client_saw) = end_in_words(seen.what);
    if (what.round_trip)
        made.round_trip_ms = to_seconds(*what.round_trip) * 1e3;
    made.retransmissions = what.retransmissions;
    made.detail = fmt::format("{} with {}: {}{}", process, server, what_happened(seen.what),
                              who_noticed(seen.what, process));
    return made;
}

}  // namespace deadair::prober::observe
