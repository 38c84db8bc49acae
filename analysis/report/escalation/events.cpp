#include "analysis/report/escalation/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/report/export.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/moment.hpp"

namespace deadair::report {

namespace {

std::string endpoint(const std::string& address, std::uint16_t port)
{
    return fmt::format(fmt::runtime(address.find(':') == std::string::npos ? "{}:{}" : "[{}]:{}"),
                       address, port);
}

bool is_lost(const wire_event& one)
{
    return !one.what.seen.unprompted && one.what.where.how.by == refresh::none &&
           (one.what.seen.result == outcome::lost || one.what.seen.result == outcome::reset);
}

}  // namespace

std::vector<wire_event> wire_events(const material& from)
{
    const auto began = since_epoch(from.run.started_at);
    if (!began)
        return {};
    std::map<std::uint32_t, const store::connection*> connections;
    for (const auto& each : from.connections)
        connections[each.connection_id] = &each;
    std::vector<wire_event> all;
    for (const auto& each : from.probes) {
        const auto on = connections.find(each.seen.connection_id);
        if (on == connections.end())
            continue;
        const auto& one = *on->second;
        all.push_back({.from = endpoint(one.local_address, one.local_port),
                       .to = endpoint(one.server_address, one.on.server_port),
                       .last_packet = utc_text(*began + each.seen.sent - each.seen.idle_age),
                       .sent = utc_text(*began + each.seen.sent),
                       .verdict = each.seen.verdict ? utc_text(*began + *each.seen.verdict) : "",
                       .what = each});
    }
    return all;
}

std::optional<wire_event> telling_event(const material& from)
{
    const auto* const first = shortest(from.findings);
    if (first == nullptr)
        return std::nullopt;
    std::optional<wire_event> nearest;
    for (auto& each : wire_events(from)) {
        const bool fits = is_lost(each) && each.what.where == first->where &&
                          each.what.seen.idle_age >= *first->low;
        if (fits && (!nearest || each.what.seen.idle_age < nearest->what.seen.idle_age))
            nearest = std::move(each);
    }
    return nearest;
}

std::string wire_events_csv(const material& from)
{
    const std::vector<std::string> names{"protocol",        "client",     "server",
                                         "speaks_first",    "transport",  "refresh",
                                         "last_packet_utc", "sent_utc",   "verdict_utc",
                                         "silence_s",       "outcome",    "unanswered_packets",
                                         "server_saw",      "void_reason"};
    auto text = csv_line(names);
    for (const auto& each : wire_events(from)) {
        const auto& seen = each.what.seen;
        const std::vector<store::cell> cells{
            std::string{"TCP"},
            each.from,
            each.to,
            std::string{seen.way == direction::to_client ? "server" : "client"},
            std::string{to_string(each.what.where.on.kind)},
            std::string{to_string(seen.how.by)},
            each.last_packet,
            each.sent,
            each.verdict,
            to_seconds(seen.idle_age),
            std::string{to_string(seen.result)},
            std::int64_t{seen.unanswered},
            seen.server_saw,
            seen.void_reason};
        text += csv_line(cells);
    }
    return text;
}

}  // namespace deadair::report
