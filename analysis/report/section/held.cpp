// Connections held with settings: what verify proved, and what a watch noticed.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "analysis/report/checklist.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

constexpr std::size_t incidents_max = 200;
// More than this are folded away.
constexpr std::size_t incidents_shown = 12;

std::string settings_of(const store::verification& one)
{
    std::vector<std::string> parts;
    const auto name = [&parts](const char* what, const std::optional<nanoseconds>& value) {
        if (value)
            parts.push_back(fmt::format("{} {}", what, format_duration(*value)));
    };
    name("TCP keepalive after", one.tcp_keepalive);
    name("WebSocket ping every", one.ws_ping);
    name("replaced when idle for", one.idle_reconnect);
    name("replaced at an age of", one.max_connection_age);
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string bound_of(const store::verification& one)
{
    if (one.tried == 0)
        return "-";
    if (one.missed == 0)
        return fmt::format("at most {:.2g} %", 100 * one.share_high);
    return fmt::format("{:.2g} % to {:.2g} %", 100 * one.share_low, 100 * one.share_high);
}

grid verified(const std::vector<store::verification>& from)
{
    grid all{.columns = {{"run", true},
                         {"held with"},
                         {"idle timeout", true},
                         {"result"},
                         {"missed", true},
                         {"connections that fail"},
                         {"why"}},
             .rows = {}};
    for (const auto& each : from)
        all.rows.push_back({fmt::format("{}", each.run), settings_of(each),
                            format_duration(each.idle_timeout), each.result,
                            fmt::format("{} of {}", each.missed, each.tried), bound_of(each),
                            each.reason});
    return all;
}

grid checked(const std::vector<check_item>& items)
{
    grid all{.columns = {{"point"}, {"seen"}, {"result"}}, .rows = {}};
    for (const auto& each : items)
        all.rows.push_back({each.name, each.seen, std::string{to_string(each.result)}});
    return all;
}

std::string seen_by_both(const store::incident& one)
{
    if (one.client_saw.empty() && one.server_saw.empty())
        return "-";
    const auto word = [](const std::string& saw) { return saw.empty() ? "not known" : saw; };
    return fmt::format("client: {}; server: {}", word(one.client_saw), word(one.server_saw));
}

grid noticed(const std::vector<store::incident>& from)
{
    const auto shown = std::min(from.size(), incidents_max);
    grid all{.columns = {{"incident"},
                         {"noticed", true},
                         {"put down to"},
                         {"unnoticed for", true},
                         {"the ends saw"},
                         {"detail"}},
             .rows = {}};
    if (from.size() > incidents_shown)
        all.folded_under = fmt::format("{} of {} incidents", shown, from.size());
    for (const auto& each : std::span{from}.first(shown))
        all.rows.push_back({std::string{to_string(each.kind)}, for_people(each.noticed_at),
                            std::string{to_string(each.put_down_to)},
                            each.unnoticed ? format_duration(*each.unnoticed) : "-",
                            seen_by_both(each), each.detail});
    return all;
}

}  // namespace

std::optional<section> verified_section(const material& from)
{
    if (from.verified.empty())
        return std::nullopt;
    section all{.id = "verified", .title = "Settings put to the proof", .blocks = {}};
    all.blocks.emplace_back(paragraph{
        "Connections to this server were held with the settings, and beside them controls "
        "without, which must die; with 95 % confidence no more connections fail than the bound "
        "says. The latest proof comes first."});
    all.blocks.emplace_back(verified(from.verified));
    return all;
}

std::optional<section> watch_section(const material& from)
{
    if (!from.watched && from.incidents.empty())
        return std::nullopt;
    if (!from.watched)
        return section{.id = "incidents",
                       .title = "What went wrong meanwhile",
                       .blocks = {noticed(from.incidents)}};
    const auto items = checklist(*from.watched);
    section all{.id = "watch", .title = "The watch around this run", .blocks = {}};
    all.blocks.emplace_back(
        paragraph{fmt::format("This run is part of a watch, which lasted {} so far and measured {} "
                              "times.",
                              format_duration(from.watched->watched), from.watched->measurements)});
    all.blocks.emplace_back(checked(items));
    if (from.incidents.empty()) {
        all.blocks.emplace_back(paragraph{"It noticed no incident."});
        return all;
    }
    all.blocks.emplace_back(
        paragraph{fmt::format("What it noticed ({} incidents):", from.incidents.size())});
    all.blocks.emplace_back(noticed(from.incidents));
    return all;
}

}  // namespace deadair::report
