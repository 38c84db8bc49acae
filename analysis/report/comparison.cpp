#include "analysis/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/estimate/in_words.hpp"
#include "analysis/report/box_change.hpp"
#include "analysis/report/json.hpp"
#include "analysis/report/results.hpp"

namespace deadair::report {

namespace {

using estimate::change;
using estimate::stratum_change;

std::string_view in_words(change value)
{
    switch (value) {
        case change::same:
            return "no difference beyond the intervals";
        case change::differs:
            return "DIFFERS";
        case change::uncertain:
            return "cannot be told: one of them says too little";
        case change::only_before:
            return "measured before only";
        case change::only_after:
            return "measured after only";
    }
    return "";
}

std::string in_words(const std::vector<estimate::finding>& findings)
{
    std::string text;
    for (const auto& each : findings)
        text += (text.empty() ? "" : " and ") + estimate::in_words(each);
    return text.empty() ? "not measured" : text;
}

std::string name_of(const compared_run& one)
{
    auto text = fmt::format("run {} of {}", one.run.id, one.file);
    if (!one.run.label.empty())
        text += fmt::format(" (\"{}\")", one.run.label);
    return text;
}

facts::fact described(const char* side, const compared_run& one)
{
    return {side, one.run.label.empty() ? fmt::format("run {}", one.run.id) : one.run.label,
            fmt::format("run {} of {}: {} to {}, {}", one.run.id, one.file, one.run.client_host,
                        one.run.server_endpoint, for_people(one.run.started_at))};
}

std::string headline(const std::vector<stratum_change>& changes)
{
    const auto count = [&](change what) {
        return std::ranges::count(changes, what, &stratum_change::what);
    };
    const auto shared = static_cast<std::ptrdiff_t>(changes.size()) - count(change::only_before) -
                        count(change::only_after);
    if (shared == 0)
        return "The two runs measured nothing in common: no stratum is in both.";
    auto text = count(change::differs) == 0
                    ? fmt::format(
                          "No finding differs by more than its interval allows, in {} "
                          "strata that both runs measured",
                          shared)
                    : fmt::format(
                          "{} of {} strata that both runs measured differ by more than "
                          "their intervals allow",
                          count(change::differs), shared);
    if (const auto unsure = count(change::uncertain); unsure > 0)
        text += fmt::format("; of {} it cannot be told", unsure);
    return text + ".";
}

// Whoever reads it on paper sees at once what the figure is a share of.
std::string_view in_words(std::string_view figure)
{
    if (figure == "retransmitted_share")
        return "segments of the control connection sent again";
    return figure == "round_trip_s" ? "round trip (median)" : "segments of uploads sent again";
}

std::string_view in_words(path_quality::change value)
{
    if (value == path_quality::change::uncertain)
        return "cannot be told: one of them says too little";
    return value == path_quality::change::differs ? "DIFFERS" : "no difference beyond chance";
}

std::string value_of(std::string_view figure, const std::optional<double>& value)
{
    if (!value)
        return "not known";
    return figure == "round_trip_s" ? format_duration(from_seconds(*value))
                                    : fmt::format("{:.3g} %", *value * 100);
}

section path_section(const compared_run& before, const compared_run& after)
{
    section all{.id = "path", .title = "Quality of the path", .blocks = {}};
    grid table{.columns = {{"figure"}, {"before"}, {"after"}, {"verdict"}}, .rows = {}};
    for (const auto& each : path_quality::compare(before.path, after.path))
        table.rows.push_back({std::string{in_words(each.figure)},
                              value_of(each.figure, each.before), value_of(each.figure, each.after),
                              std::string{in_words(each.what)}});
    if (table.rows.empty()) {
        all.blocks.emplace_back(paragraph{"Neither run recorded figures of its path."});
        return all;
    }
    all.blocks.emplace_back(std::move(table));
    all.blocks.emplace_back(paragraph{
        "Shares differ when they are more than three standard deviations apart, with losses taken "
        "to come in bursts; round trips when each median lies outside the middle half of the other "
        "run's, and by a millisecond or more. Only connections of our own that "
        "were alive are counted: what was sent to a binding that was gone says nothing of the "
        "path."});
    return all;
}

std::string path_json(const compared_run& before, const compared_run& after)
{
    std::string rows;
    for (const auto& each : path_quality::compare(before.path, after.path)) {
        json_object row;
        row.field("figure", each.figure)
            .field("before", each.before)
            .field("after", each.after)
            .field("change", to_string(each.what));
        rows += (rows.empty() ? "\n  " : ",\n  ") + row.text();
    }
    return "[" + rows + "\n]";
}

std::string array_of(const std::vector<estimate::finding>& findings, store::run_id run)
{
    auto text = findings_json(run, findings);
    text.pop_back();
    return text;
}

std::string run_json(const compared_run& one)
{
    json_object row;
    row.field("file", one.file)
        .field("run_id", one.run.id)
        .field("run_uuid", one.run.uuid)
        .field("label", one.run.label)
        .field("started_at", one.run.started_at)
        .field("client_host", one.run.client_host)
        .field("server_endpoint", one.run.server_endpoint);
    return row.text();
}

}  // namespace

document comparison(const compared_run& before, const compared_run& after)
{
    const auto changes = estimate::compare(before.findings, after.findings);
    grid table{.columns = {{"stratum"}, {"before"}, {"after"}, {"verdict"}}, .rows = {}};
    for (const auto& each : changes)
        table.rows.push_back({describe(each.where), in_words(each.before), in_words(each.after),
                              std::string{in_words(each.what)}});
    section all{.id = "comparison", .title = "", .blocks = {}};
    all.blocks.emplace_back(lead{headline(changes)});
    all.blocks.emplace_back(facts{{described("Before", before), described("After", after)}});
    all.blocks.emplace_back(std::move(table));
    all.blocks.emplace_back(
        bullets{{"Before: " + answer(before.findings), "After: " + answer(after.findings)}});
    if (auto boxes = hops_compared(before.hops, after.hops); !boxes.empty())
        all.blocks.emplace_back(paragraph{std::move(boxes)});
    all.blocks.emplace_back(
        paragraph{"Findings differ when no value explains both: their intervals do not overlap, or "
                  "they are of another kind, or connections die in another way. To have survived "
                  "less than the other's timeout contradicts nothing."});
    return {.title = "Two runs compared",
            .subtitle = name_of(before) + " against " + name_of(after),
            .sections = {std::move(all), path_section(before, after)},
            .footer = ""};
}

std::string comparison_json(const compared_run& before, const compared_run& after)
{
    std::string strata;
    for (const auto& each : estimate::compare(before.findings, after.findings)) {
        json_object row;
        row.field("transport", to_string(each.where.on.kind))
            .field("direction", to_string(each.where.way))
            .field("refresh", to_string(each.where.how.by))
            .field("refresh_from", to_string(each.where.how.from))
            .field("server_port", std::int64_t{each.where.on.server_port})
            .field("family", to_string(each.where.on.family))
            .field("change", to_string(each.what))
            .field("sentence", each.sentence)
            .raw("before", array_of(each.before, before.run.id))
            .raw("after", array_of(each.after, after.run.id));
        strata += (strata.empty() ? "\n  " : ",\n  ") + row.text();
    }
    json_object all;
    all.raw("before", run_json(before))
        .raw("after", run_json(after))
        .raw("strata", "[" + strata + "\n]")
        .raw("path", path_json(before, after))
        .field("box", change_of_box(before.hops, after.hops))
        .field("box_sentence", hops_compared(before.hops, after.hops));
    return all.text() + "\n";
}

}  // namespace deadair::report
