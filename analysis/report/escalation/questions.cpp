#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "analysis/estimate/in_words.hpp"
#include "analysis/recommend/middleboxes.hpp"
#include "analysis/report/escalation/escalation.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/today.hpp"

namespace deadair::report {

namespace {

using estimate::finding;
using estimate::finding_kind;

std::string plainly(const stratum& of)
{
    return fmt::format("{} to port {}, {} speaks first", to_string(of.on.kind), of.on.server_port,
                       of.way == direction::to_client ? "the server" : "the client");
}

bool says_something(const finding& one)
{
    return one.where.how.by == refresh::none && one.kind != finding_kind::inconclusive;
}

std::string listed(const material& from, const std::function<bool(const finding&)>& wanted)
{
    std::string text;
    for (const auto& each : from.findings)
        if (says_something(each) && wanted(each))
            text += fmt::format("{}{}: {} ({} delivered, {} not)", text.empty() ? "" : "; ",
                                plainly(each.where), estimate::in_words(each), each.delivered,
                                each.not_delivered);
    return text.empty() ? "not measured" : text;
}

std::string on_tracking(const material& from)
{
    return listed(from, [](const finding&) { return true; });
}

std::string on_established(const material& from)
{
    auto text =
        listed(from, [](const finding& one) { return one.where.on.kind == transport::tcp; });
    if (text == "not measured")
        text += " over plain TCP; every other transport here is an established TCP connection too";
    return text;
}

// The shortest timeout in one direction over WebSocket, beside that over the same without it.
std::string on_inspection(const material& from)
{
    std::string text;
    for (const auto& each : from.findings)
        for (const auto& other : from.findings) {
            const bool pair = says_something(each) && says_something(other) &&
                              is_websocket(each.where.on.kind) &&
                              !is_websocket(other.where.on.kind) &&
                              is_secured(each.where.on.kind) == is_secured(other.where.on.kind) &&
                              each.where.way == other.where.way &&
                              each.where.on.family == other.where.on.family &&
                              each.where.on.server_port == other.where.on.server_port;
            if (pair)
                text +=
                    fmt::format("{}: {}; {}: {}. ", plainly(each.where), estimate::in_words(each),
                                to_string(other.where.on.kind), estimate::in_words(other));
        }
    if (text.empty())
        text = "WebSocket against the same without it: not measured. ";
    if (looked_on(from.run))
        return text + "Whether something opens TLS cannot be told from connections of others.";
    return text + (from.run.intercepted
                       ? "Something on the path opens TLS: the channel binding did not match."
                       : "TLS is not opened on the path: client and server proved to each other "
                         "that they share one TLS session.");
}

std::string on_evictions(const material& from)
{
    for (const auto& each : from.findings)
        if (says_something(each) && each.kind == finding_kind::spread)
            return fmt::format(
                "{}: expiry falls anywhere within {}, as coarse timers or eviction "
                "under load do",
                plainly(each.where), estimate::interval_in_words(each));
    const auto* const first = shortest(from.findings);
    if (first == nullptr)
        return "nothing expired, so nothing was evicted in this run; eviction under load was not "
               "provoked";
    return fmt::format(
        "none seen: in this run no connection was lost before {}, with {} "
        "connections opened; eviction under load was not provoked",
        format_duration(*first->low), from.connections.size());
}

std::string on_rate_limits(const material& from)
{
    const auto failed =
        std::ranges::count(from.events, std::string{"open_failed"}, &store::event::kind);
    if (failed > 0)
        return fmt::format("{} connections could not be opened, {} could; see the incidents",
                           failed, from.connections.size());
    if (from.connections.size() < 2 || looked_on(from.run))
        return "not measured";
    const auto [first, last] =
        std::ranges::minmax(from.connections, {}, &store::connection::opened);
    return fmt::format(
        "none met: {} connections were opened within {}, and none was refused; "
        "higher rates were not tried",
        from.connections.size(), format_duration(last.opened - first.opened));
}

std::string on_exemptions(const material& from)
{
    std::string text = "not measured, since only you can know";
    for (const auto& each : recommend::middlebox_sentences(from.findings, report::this_month()))
        text += "; " + each;
    return text;
}

}  // namespace

std::vector<question> questions(const material& from)
{
    return {{"What is the connection-tracking (session) timeout on this path?", on_tracking(from)},
            {"What is the idle timeout for established TCP?", on_established(from)},
            {"Does inspection or a proxy treat WebSocket differently?", on_inspection(from)},
            {"Are connections evicted, for example when a table is full?", on_evictions(from)},
            {"Are there rate or connection limits?", on_rate_limits(from)},
            {"What can be raised, or exempted for this destination?", on_exemptions(from)}};
}

}  // namespace deadair::report
