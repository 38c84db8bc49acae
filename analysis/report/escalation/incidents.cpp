#include "analysis/report/escalation/incidents.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/results.hpp"

namespace deadair::report {

namespace {

constexpr std::size_t incidents_max = 20;

}  // namespace

section incidents(const material& from)
{
    section all{.id = "incidents", .title = "Incidents in this run", .blocks = {}};
    bullets list;
    for (const auto& each : from.events)
        list.items.push_back(fmt::format("{} after the start: {} {}", format_duration(each.at),
                                         each.kind, each.detail));
    for (const auto& each : from.incidents)
        if (each.run == from.run.id)
            list.items.push_back(fmt::format("{}: {} {}", for_people(each.noticed_at),
                                             to_string(each.kind), each.detail));
    if (list.items.empty()) {
        all.blocks.emplace_back(paragraph{"None: no outage, refused connection or restart."});
        return all;
    }
    const auto left_out = std::max(list.items.size(), incidents_max) - incidents_max;
    list.items.resize(list.items.size() - left_out);
    all.blocks.emplace_back(std::move(list));
    if (left_out > 0)
        all.blocks.emplace_back(paragraph{fmt::format("and {} more, in the file.", left_out)});
    return all;
}

}  // namespace deadair::report
