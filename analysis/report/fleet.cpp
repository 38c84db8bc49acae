#include "analysis/report/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/estimate/in_words.hpp"
#include "analysis/report/json.hpp"

namespace deadair::report {

namespace {

using fleet::group;
using fleet::member;

// So many names are read; the JSON has all.
constexpr std::size_t names_max = 12;

std::string said_by(const group& of)
{
    return of.one ? estimate::in_words(*of.one) : "no answer";
}

std::string name_of(const member& one)
{
    return fmt::format("{} (run {}, {})", one.host, one.run_id, for_people(one.started_at));
}

std::string names(const std::vector<member>& all)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(all.size(), names_max); ++i)
        text += (i == 0 ? "" : ", ") + all[i].host;
    if (all.size() > names_max)
        text += fmt::format(" and {} more", all.size() - names_max);
    return text;
}

std::size_t members(const fleet::overview& all)
{
    std::size_t count = 0;
    for (const auto& each : all.groups)
        count += each.members.size();
    return count;
}

std::string headline(const fleet::overview& all)
{
    if (all.groups.empty())
        return "No measurement is in the file.";
    std::size_t outlying = 0;
    for (const auto& each : all.groups)
        outlying += each.outlying ? each.members.size() : 0;
    const auto& largest = all.groups.front();
    auto text = fmt::format("{} of {} paths measured the same: {}", largest.members.size(),
                            members(all), said_by(largest));
    if (outlying > 0)
        text += fmt::format("; {} stand apart", outlying);
    if (!all.drifts.empty())
        text += fmt::format("; {} changed", all.drifts.size());
    return text + ".";
}

grid groups_of(const fleet::overview& all)
{
    grid table{.columns = {{"paths", true}, {"idle timeout"}, {"hosts"}}, .rows = {}};
    for (const auto& each : all.groups)
        table.rows.push_back(
            {fmt::format("{}", each.members.size()), said_by(each), names(each.members)});
    return table;
}

bullets outliers(const fleet::overview& all)
{
    bullets list;
    for (const auto& each : all.groups)
        if (each.outlying)
            for (const auto& one : each.members)
                list.items.push_back(
                    fmt::format("{} to {}: {}", name_of(one), one.server,
                                one.deciding ? estimate::in_words(*one.deciding) : "no answer"));
    return list;
}

bullets drifts(const fleet::overview& all)
{
    bullets list;
    for (const auto& each : all.drifts)
        list.items.push_back(fmt::format("{}, between {} and {}: {}", each.host,
                                         for_people(each.before_at), for_people(each.after_at),
                                         each.sentence));
    return list;
}

std::string member_json(const member& one)
{
    json_object row;
    row.field("client_host", one.host)
        .field("server_endpoint", one.server)
        .field("run_id", one.run_id)
        .field("started_at", one.started_at);
    const auto& found = one.deciding;
    row.field("kind", found ? std::optional{to_string(found->kind)} : std::nullopt)
        .field("idle_timeout_s", found ? found->idle_timeout : std::nullopt)
        .field("low_s", found ? found->low : std::nullopt)
        .field("high_s", found ? found->high : std::nullopt);
    return row.text();
}

template <class Row, class Write>
std::string array(const std::vector<Row>& rows, Write write)
{
    std::string text;
    for (const auto& each : rows)
        text += (text.empty() ? "\n  " : ",\n  ") + write(each);
    return text.empty() ? "[]" : "[" + text + "\n]";
}

std::string group_json(const group& of)
{
    json_object row;
    row.field("finding", said_by(of))
        .field("outlying", of.outlying)
        .field("low_s", of.one ? of.one->low : std::nullopt)
        .field("high_s", of.one ? of.one->high : std::nullopt)
        .field("after_expiry", of.one && of.one->after_expiry
                                   ? std::optional{to_string(*of.one->after_expiry)}
                                   : std::nullopt)
        .raw("members", array(of.members, member_json));
    return row.text();
}

std::string drift_json(const fleet::drift& of)
{
    json_object row;
    row.field("client_host", of.host)
        .field("server_endpoint", of.server)
        .field("before_run_id", of.before_run)
        .field("after_run_id", of.after_run)
        .field("before_at", of.before_at)
        .field("after_at", of.after_at)
        .field("sentence", of.sentence);
    return row.text();
}

section titled(const char* id, const char* title, bullets list)
{
    section all{.id = id, .title = title, .blocks = {}};
    all.blocks.emplace_back(std::move(list));
    return all;
}

}  // namespace

std::vector<fleet::measured_run> measured_runs(const store::database& from)
{
    std::vector<fleet::measured_run> all;
    for (const auto& each : from.runs())
        if (each.command == "measure")
            all.push_back({.run_id = each.id,
                           .host = each.client_host,
                           .server = each.server_endpoint,
                           .started_at = each.started_at,
                           .findings = from.findings(each.id)});
    return all;
}

document fleet_report(const fleet::overview& all, const std::string& file)
{
    section summary{.id = "groups", .title = "", .blocks = {}};
    summary.blocks.emplace_back(lead{headline(all)});
    summary.blocks.emplace_back(groups_of(all));
    document page{
        .title = "The fleet",
        .subtitle = fmt::format("{} {} in {}", all.runs, all.runs == 1 ? "run" : "runs", file),
        .sections = {std::move(summary)},
        .footer = ""};
    if (auto list = outliers(all); !list.items.empty())
        page.sections.push_back(titled("outliers", "Who stands apart", std::move(list)));
    if (auto list = drifts(all); !list.items.empty())
        page.sections.push_back(titled("drift", "What changed", std::move(list)));
    return page;
}

std::string fleet_json(const fleet::overview& all)
{
    json_object page;
    page.field("runs", static_cast<std::int64_t>(all.runs))
        .field("answer", headline(all))
        .raw("groups", array(all.groups, group_json))
        .raw("drifts", array(all.drifts, drift_json));
    return page.text() + "\n";
}

}  // namespace deadair::report
