#include "analysis/report/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/estimate/asked.hpp"
#include "analysis/estimate/in_words.hpp"
#include "analysis/estimate/refreshed.hpp"
#include "analysis/report/agreeing.hpp"
#include "analysis/report/table.hpp"
#include "analysis/words/capital.hpp"
#include "analysis/words/printable.hpp"

namespace deadair::report {

namespace {

using estimate::finding;
using estimate::finding_kind;

std::string value_text(const finding& of)
{
    if (!of.idle_timeout)
        return of.kind == finding_kind::none ? "none seen" : "-";
    auto text = estimate::value_in_words(of);
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

}  // namespace

std::string how_it_dies(const finding& of)
{
    if (!of.after_expiry)
        return {};
    if (of.by_itself && of.after_expiry == estimate::expiry::closed)
        return "; it is closed by itself, in order";
    if (of.by_itself && of.after_expiry == estimate::expiry::reset)
        return "; it is reset by itself";
    return fmt::format("; it dies {}", dies_how(*of.after_expiry));
}

const finding* shortest(std::span<const finding> found)
{
    const finding* first = nullptr;
    for (const auto& each : found)
        if (each.where.how.by == refresh::none && each.idle_timeout && each.low && each.high &&
            (first == nullptr || *each.low < *first->low))
            first = &each;
    return first;
}

namespace {

const finding* age_limit(std::span<const finding> found)
{
    const finding* least = nullptr;
    for (const auto& each : found)
        if (each.kind == finding_kind::absolute_age && each.low && each.high &&
            (least == nullptr || *each.low < *least->low))
            least = &each;
    return least;
}

// What is said where no silence was seen to end a connection.
std::string without_expiry(std::span<const finding> found, const finding* survived,
                           const std::string& open)
{
    if (const auto* const age = age_limit(found))
        return fmt::format(
            "Every connection is cut {} after it was opened, however busy; an idle timeout was not "
            "seen{}.",
            estimate::interval_in_words(*age),
            survived != nullptr ? " up to " + format_duration(*survived->low) : "");
    const auto at_random = std::ranges::find_if(found, [](const finding& each) {
        return each.where.how.by == refresh::none && each.why == estimate::explanation::random;
    });
    if (survived == nullptr && at_random != found.end())
        return capital(at_random->note) + ".";
    if (!open.empty())
        return fmt::format("No answer yet: {}.", open);
    if (survived == nullptr)
        return "No answer yet: too little was measured. Measure longer, or with more connections.";
    const auto& note = survived->note;
    const auto more = survived->why == estimate::explanation::delayed         ? "; but " + note
                      : survived->why == estimate::explanation::server_closes ? "; " + note
                                                                              : std::string{};
    if (estimate::only_the_client_spoke(found))
        return fmt::format(
            "What the client says first arrives after at least {} of silence{}; whether what the "
            "server says first does was not measured.",
            format_duration(*survived->low), more);
    return fmt::format("Nothing expired: every connection survived at least {} of silence{}.",
                       format_duration(*survived->low), more);
}

// Of those that outlived the shortest, where their senders do not hear of it.
std::string_view half_dead(std::span<const finding> found)
{
    const bool any = std::ranges::any_of(
        found, [](const finding& each) { return each.why == estimate::explanation::half_dead; });
    return any ? " half dead: what is said that way arrives, but no acknowledgement comes back"
               : "";
}

}  // namespace

std::string answer(std::span<const finding> found, const std::string& open)
{
    const auto* const first = shortest(found);
    const finding* survived = nullptr;
    std::size_t longer = 0;
    std::size_t strata = 0;
    for (const auto& each : found) {
        if (each.where.how.by != refresh::none)
            continue;
        if (each.kind == finding_kind::none && each.low &&
            (survived == nullptr || *each.low < *survived->low))
            survived = &each;
        longer += each.kind == finding_kind::none ? 1 : 0;
        ++strata;
    }
    if (first == nullptr)
        return without_expiry(found, survived, open);
    auto text = fmt::format("A silent connection is forgotten after {} ({})", value_text(*first),
                            estimate::interval_in_words(*first));
    if (first->kind == finding_kind::spread)
        text = fmt::format("A silent connection is forgotten somewhere within {}",
                           estimate::interval_in_words(*first));
    text += how_it_dies(*first);
    const auto groups = agreeing_of(found);
    text += groups.size() == 1 && groups[0].strata.size() > 1
                ? fmt::format("; all {} alike", in_letters(groups[0].strata.size()))
                : fmt::format(". Shortest: {}", place(*first));
    if (longer > 0)
        text += fmt::format("; {} of {} strata outlived it{}", longer, strata, half_dead(found));
    if (const auto* const age = age_limit(found))
        text += fmt::format("; every connection is cut {} after it was opened as well",
                            estimate::interval_in_words(*age));
    if (!open.empty())
        text += "; " + open;
    return text + ".";
}

namespace {

// Means, side and transport against direction: does it keep a connection alive?
std::string refresh_matrix(std::span<const finding> found, std::size_t width)
{
    std::map<std::tuple<refresh, refresh_side, path>, std::map<direction, std::string>> cells;
    for (const auto& each : found)
        if (each.where.how.by != refresh::none && each.kind != finding_kind::absolute_age)
            cells[{each.where.how.by, each.where.how.from, each.where.on}][each.where.way] =
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
           table({"refresh", "sent by", "path", "to_client", "to_server"}, rows, width);
}

// A note that several strata have in common is said once.
std::string notes(std::span<const finding> found, std::size_t width)
{
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& each : agreeing_of(found))
        if (!each.one.note.empty())
            all.emplace_back(each.name, each.one.note);
    for (const auto& each : found)
        if (!each.note.empty() && each.kind == finding_kind::absolute_age)
            all.emplace_back(describe(each.where), each.note);
    std::string text;
    for (const auto& [name, note] : all)
        for (const auto& line : wrapped(printable(fmt::format("{}: {}", name, note)), width))
            text += "\n" + line;
    return text;
}

}  // namespace

std::string findings_table(std::span<const finding> found, std::size_t width)
{
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : agreeing_of(found))
        rows.push_back(
            {each.name, std::string{to_string(each.one.kind)}, value_text(each.one),
             estimate::interval_in_words(each.one), dies(each.one),
             fmt::format("{}/{}/{}", each.one.delivered, each.one.not_delivered, each.one.voided),
             fmt::format("{:.4g} %", each.one.confidence * 100)});
    auto text = table({"connections", "kind", "idle timeout", "interval", "dies", "yes/no/void",
                       "confidence"},
                      rows, width) +
                refresh_matrix(found, width) + notes(found, width);
    if (text.back() != '\n')
        text += "\n";
    return text;
}

std::string findings_text(std::span<const finding> found, const std::string& open,
                          std::size_t width)
{
    std::string text;
    for (const auto& line : wrapped(answer(found, open), width))
        text += line + "\n";
    return text + "\n" + findings_table(found, width);
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

}  // namespace deadair::report
