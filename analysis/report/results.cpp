#include "analysis/report/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/estimate/refreshed.hpp"
#include "analysis/report/json.hpp"
#include "analysis/report/table.hpp"

namespace deadair::report {

namespace {

using estimate::finding;
using estimate::finding_kind;

// With as many digits as the width of the interval gives sense to.
std::string seconds(nanoseconds value, nanoseconds width)
{
    const double wide = to_seconds(width);
    const int decimals = wide >= 2 ? 0 : wide >= 0.2 ? 1 : wide >= 0.02 ? 2 : 3;
    return fmt::format("{:.{}f} s", to_seconds(value), decimals);
}

std::string interval(const finding& of)
{
    if (of.low && of.high)
        return fmt::format("{} to {}", seconds(*of.low, *of.high - *of.low),
                           seconds(*of.high, *of.high - *of.low));
    if (of.low)
        return "over " + format_duration(*of.low);
    if (of.high)
        return "below " + format_duration(*of.high);
    return "unknown";
}

std::string value_text(const finding& of)
{
    if (!of.idle_timeout)
        return of.kind == finding_kind::none ? "none seen" : "-";
    const auto width = of.low && of.high ? *of.high - *of.low : nanoseconds{};
    auto text = seconds(*of.idle_timeout, width);
    if (of.kind == finding_kind::mixture)
        text += fmt::format(" ({:.0f} %)", of.share * 100);
    return text;
}

std::string dies(const finding& of)
{
    return of.after_expiry ? std::string{to_string(*of.after_expiry)} : "-";
}

std::string place(const finding& of)
{
    return fmt::format("{} {}", to_string(of.where.on.kind), to_string(of.where.way));
}

}  // namespace

std::string_view dies_how(estimate::expiry how)
{
    switch (how) {
        case estimate::expiry::silent:
            return "silently: neither end is told";
        case estimate::expiry::reset:
            return "with a reset at the next packet";
        case estimate::expiry::closed:
            return "with an orderly close";
        case estimate::expiry::late:
            return "for the server's messages until the client speaks, then it comes back";
        case estimate::expiry::mixed:
            return "in more than one way";
    }
    return "";
}

const finding* shortest(std::span<const finding> found)
{
    const finding* first = nullptr;
    for (const auto& each : found)
        if (each.where.by == refresh::none && each.idle_timeout && each.low && each.high &&
            (first == nullptr || *each.low < *first->low))
            first = &each;
    return first;
}

std::string answer(std::span<const finding> found)
{
    const auto* const first = shortest(found);
    const finding* survived = nullptr;
    std::size_t longer = 0;
    std::size_t strata = 0;
    for (const auto& each : found) {
        if (each.where.by != refresh::none)
            continue;
        if (each.kind == finding_kind::none && each.low &&
            (survived == nullptr || *each.low < *survived->low))
            survived = &each;
        longer += each.kind == finding_kind::none ? 1 : 0;
        ++strata;
    }
    if (first == nullptr && survived == nullptr)
        return "No answer yet: too little was measured. Measure longer, or with more connections.";
    if (first == nullptr)
        return fmt::format("Nothing expired: every connection survived at least {} of silence.",
                           format_duration(*survived->low));
    auto text = fmt::format("A silent connection is forgotten after {} ({})", value_text(*first),
                            interval(*first));
    if (first->kind == finding_kind::spread)
        text =
            fmt::format("A silent connection is forgotten somewhere within {}", interval(*first));
    if (first->after_expiry)
        text += fmt::format("; it dies {}", dies_how(*first->after_expiry));
    text += fmt::format(". Shortest: {}", place(*first));
    if (longer > 0)
        text += fmt::format("; {} of {} strata outlived it", longer, strata);
    return text + ".";
}

namespace {

// Means, side and transport against direction: does it keep a connection alive?
std::string refresh_matrix(std::span<const finding> found)
{
    std::map<std::tuple<refresh, refresh_side, path>, std::map<direction, std::string>> cells;
    for (const auto& each : found)
        if (each.where.by != refresh::none && each.kind != finding_kind::absolute_age)
            cells[{each.where.by, each.where.from, each.where.on}][each.where.way] =
                fmt::format("{} ({}/{}/{})", to_string(estimate::effect_of(each)), each.delivered,
                            each.not_delivered, each.voided);
    if (cells.empty())
        return {};
    std::vector<std::vector<std::string>> rows;
    for (const auto& [what, by_way] : cells) {
        const auto& [by, from, on] = what;
        const auto cell = [&, &by_way = by_way](direction way) {
            const auto found_cell = by_way.find(way);
            return found_cell == by_way.end() ? std::string{"-"} : found_cell->second;
        };
        rows.push_back(
            {std::string{to_string(by)}, std::string{to_string(from)},
             fmt::format("{} {} {}", to_string(on.kind), to_string(on.family), on.server_port),
             cell(direction::to_client), cell(direction::to_server)});
    }
    return "\nDoes it keep a connection alive? (yes/no/void)\n" +
           table({"refresh", "sent by", "path", "to_client", "to_server"}, rows, 140);
}

}  // namespace

std::string findings_text(std::span<const finding> found)
{
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : found) {
        if (each.where.by != refresh::none)
            continue;  // in a table of their own
        rows.push_back(
            {std::string{to_string(each.where.on.kind)}, std::string{to_string(each.where.way)},
             fmt::format("{} {}", to_string(each.where.on.family), each.where.on.server_port),
             std::string{to_string(each.kind)}, value_text(each), interval(each), dies(each),
             fmt::format("{}/{}/{}", each.delivered, each.not_delivered, each.voided),
             fmt::format("{:.4g} %", each.confidence * 100)});
    }
    auto text = answer(found) + "\n\n" +
                table({"transport", "direction", "path", "kind", "idle timeout", "interval", "dies",
                       "yes/no/void", "confidence"},
                      rows, 140) +
                refresh_matrix(found);
    for (const auto& each : found)
        if (!each.note.empty() &&
            (each.where.by == refresh::none || each.kind == finding_kind::absolute_age))
            text += fmt::format("\n{}: {}", describe(each.where), each.note);
    if (text.back() != '\n')
        text += "\n";
    return text;
}

std::string recommendations_text(std::span<const recommend::recommendation> settings)
{
    if (settings.empty())
        return "No setting follows from this run.\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : settings) {
        std::string value = "leave unset";
        if (each.value)
            value = each.unit == "s" ? fmt::format("{:g} s", *each.value)
                                     : fmt::format("{:g}", *each.value);
        if (each.low_confidence)
            value += " ?";
        rows.push_back({each.setting, value, each.reason});
    }
    auto text = table({"setting", "value", "why"}, rows);
    if (std::ranges::any_of(settings, &recommend::recommendation::low_confidence))
        text += "\n?: on thin evidence; measure again before you rely on it.\n";
    return text;
}

std::string runs_text(std::span<const store::run> runs)
{
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : runs)
        rows.push_back({fmt::format("{}", each.id), each.started_at,
                        std::string{to_string(each.state)}, each.client_host, each.server_endpoint,
                        each.label});
    return table({"run", "started", "state", "client", "server", "label"}, rows);
}

namespace {

// An array with an object a line, so that a diff of two outputs can be read.
template <class Row, class Write>
std::string array(std::span<const Row> rows, Write write)
{
    std::string text = "[";
    const char* separator = "\n  ";
    for (const auto& each : rows) {
        text += separator + write(each).text();
        separator = ",\n  ";
    }
    return text + (rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace

std::string findings_json(store::run_id run, std::span<const finding> found)
{
    return array(found, [run](const finding& each) {
        json_object row;
        row.field("run_id", run)
            .field("transport", to_string(each.where.on.kind))
            .field("direction", to_string(each.where.way))
            .field("refresh", to_string(each.where.by))
            .field("refresh_from", to_string(each.where.from))
            .field("server_port", std::int64_t{each.where.on.server_port})
            .field("family", to_string(each.where.on.family))
            .field("kind", to_string(each.kind))
            .field("idle_timeout_s", each.idle_timeout)
            .field("low_s", each.low)
            .field("high_s", each.high)
            .field("confidence", each.confidence)
            .field("after_expiry",
                   each.after_expiry ? std::optional{to_string(*each.after_expiry)} : std::nullopt)
            .field("delivered", std::int64_t{each.delivered})
            .field("not_delivered", std::int64_t{each.not_delivered})
            .field("voided", std::int64_t{each.voided})
            .field("share", each.share)
            .field("note", each.note)
            .field("explanation", to_string(each.why))
            .field("period_s", each.period)
            .field("moment_s", each.moment)
            .field("crowd", each.crowd ? std::optional{std::int64_t{*each.crowd}} : std::nullopt);
        return row;
    });
}

std::string recommendations_json(std::optional<store::run_id> run,
                                 std::span<const recommend::recommendation> settings)
{
    return array(settings, [run](const recommend::recommendation& each) {
        json_object row;
        row.field("run_id", run)
            .field("setting", each.setting)
            .field("value", each.value)
            .field("unit", each.unit)
            .field("low_confidence", each.low_confidence)
            .field("reason", each.reason);
        return row;
    });
}

std::string runs_json(std::span<const store::run> runs)
{
    return array(runs, [](const store::run& each) {
        json_object row;
        row.field("run_id", each.id)
            .field("run_uuid", each.uuid)
            .field("label", each.label)
            .field("started_at", each.started_at)
            .field("ended_at", each.ended_at)
            .field("state", to_string(each.state))
            .field("client_host", each.client_host)
            .field("server_endpoint", each.server_endpoint)
            .field("program_version", each.program_version)
            .field("intercepted", each.intercepted)
            .field("note", each.note);
        return row;
    });
}

}  // namespace deadair::report
