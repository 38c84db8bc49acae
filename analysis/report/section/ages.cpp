#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/estimate/in_words.hpp"
#include "analysis/report/agreeing.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/section/lanes.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t lanes_max = 24;

// Lanes without refresh, if there are any: they are what the timeout is read from.
std::vector<lane> lanes_to_show(const material& from)
{
    auto all = lanes_of(from);
    const auto refreshed = [](const lane& each) { return each.strata[0].how.by != refresh::none; };
    if (!std::ranges::all_of(all, refreshed))
        std::erase_if(all, refreshed);
    if (all.size() > lanes_max)
        all.resize(lanes_max);
    return all;
}

// Around the shortest timeout, where it is too narrow to be seen in the whole.
std::optional<time_range> close_up(const material& from, const time_range& whole)
{
    const auto* const first = shortest(from.findings);
    if (first == nullptr)
        return std::nullopt;
    const auto around = std::max(5 * (*first->high - *first->low), nanoseconds{200ms});
    const time_range near{.low = std::max(*first->low - around, nanoseconds{}),
                          .high = *first->high + around};
    constexpr int enlarged = 4;
    const bool worth_it = whole.high - whole.low > enlarged * (near.high - near.low);
    return worth_it ? std::optional{near} : std::nullopt;
}

bool expires_within(const lane& of, const time_range& range)
{
    return std::ranges::any_of(of.findings, [&](const estimate::finding& each) {
        return each.idle_timeout && *each.idle_timeout >= range.low &&
               *each.idle_timeout <= range.high;
    });
}

std::vector<std::string> row_of(const std::string& name, const estimate::finding& one)
{
    const auto value = one.idle_timeout ? estimate::value_in_words(one) : "-";
    const auto share =
        one.share < 1 ? fmt::format(" ({:.0f} % of connections)", one.share * 100) : "";
    return {name,
            std::string{to_string(one.kind)},
            value + share,
            estimate::interval_in_words(one),
            one.after_expiry ? std::string{to_string(*one.after_expiry)} : "-",
            fmt::format("{}", one.delivered),
            fmt::format("{}", one.not_delivered),
            fmt::format("{}", one.voided),
            fmt::format("{:.4g} %", one.confidence * 100)};
}

// Of refreshed connections another section tells.
grid table_of(const material& from)
{
    grid all;
    all.columns = {{"connections"}, {"finding"},    {"idle timeout"},
                   {"interval"},    {"dies"},       {"delivered", true},
                   {"not", true},   {"void", true}, {"confidence", true}};
    for (const auto& each : agreeing_of(from.findings))
        all.rows.push_back(row_of(each.name, each.one));
    for (const auto& each : from.findings)
        if (each.kind == estimate::finding_kind::absolute_age)
            all.rows.push_back(row_of(describe(each.where), each));
    return all;
}

bullets notes_of(const material& from)
{
    bullets all;
    for (const auto& each : agreeing_of(from.findings))
        if (!each.one.note.empty())
            all.items.push_back(each.name + ": " + each.one.note);
    // What several refreshed strata have in common is said once.
    std::map<std::string, std::vector<stratum>> refreshed;
    for (const auto& each : from.findings)
        if (each.where.how.by != refresh::none && !each.note.empty())
            refreshed[each.note].push_back(each.where);
    for (const auto& [note, strata] : refreshed)
        all.items.push_back(strata.size() == 1
                                ? describe(strata[0]) + ": " + note
                                : fmt::format("{} refreshed: {}", in_letters(strata.size()), note));
    return all;
}

}  // namespace

std::optional<section> ages_section(const material& from)
{
    if (from.findings.empty())
        return std::nullopt;
    section all{.id = "findings", .title = "Alive or dead, by idle age", .blocks = {}};
    const auto lanes = lanes_to_show(from);
    all.blocks.emplace_back(
        paragraph{"Each mark is one message that ended a silence of that length. The idle timeout "
                  "lies within the narrow band: it begins at the longest silence survived, and "
                  "ends where so much was lost that the path's own losses do not explain it; what "
                  "was lost within the band is too little to tell by itself."});
    if (const auto whole = whole_range(lanes)) {
        all.blocks.emplace_back(
            lanes_picture(lanes, *whole, {.id = "ages", .title = "All idle ages"}));
        if (const auto near = close_up(from, *whole)) {
            auto close = lanes;
            std::erase_if(close, [&](const lane& each) { return !expires_within(each, *near); });
            all.blocks.emplace_back(lanes_picture(
                close, *near, {.id = "edge", .title = "Close up: around the idle timeout"}));
        }
    }
    all.blocks.emplace_back(table_of(from));
    if (auto notes = notes_of(from); !notes.items.empty())
        all.blocks.emplace_back(std::move(notes));
    return all;
}

}  // namespace deadair::report
