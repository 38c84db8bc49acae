#include "analysis/report/checklist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/report/table.hpp"

namespace deadair::report {

namespace {

mark nought(std::uint64_t failed, bool tried)
{
    if (failed > 0)
        return mark::fail;
    return tried ? mark::pass : mark::unknown;
}

std::uint64_t count(const store::watch_sums& of, incident_kind kind)
{
    const auto found = of.incidents.find(kind);
    return found == of.incidents.end() ? 0 : found->second;
}

}  // namespace

std::string_view to_string(mark value)
{
    constexpr std::array<std::string_view, 3> names{"pass", "FAIL", "not known"};
    return names.at(static_cast<std::size_t>(value));
}

std::vector<check_item> checklist(const store::watch_sums& of)
{
    const auto drifts = count(of, incident_kind::idle_timeout_changed);
    const auto forgotten = count(of, incident_kind::bindings_lost);
    // Each connection that died was replaced.
    const auto reconnects = of.missed + of.ended;
    return {
        {"missed first messages", fmt::format("{} of {}", of.missed, of.messages),
         nought(of.missed, of.messages > 0)},
        {"failed uploads",
         of.uploads > 0 ? fmt::format("{} of {}", of.uploads_failed, of.uploads) : "none tried",
         nought(of.uploads_failed, of.uploads > 0)},
        {"reconnects needed", fmt::format("{} in {}", reconnects, format_duration(of.watched)),
         nought(reconnects, of.messages > 0)},
        {"connections all forgotten at once", fmt::format("{} times", forgotten),
         nought(forgotten, of.messages > 0)},
        {"changes of the idle timeout",
         fmt::format("{} in {} measurements", drifts, of.measurements),
         nought(drifts, of.measurements > 1)},
    };
}

mark result_of(std::span<const check_item> all)
{
    if (std::ranges::any_of(all, [](const auto& each) { return each.result == mark::fail; }))
        return mark::fail;
    return all.front().result;
}

std::string checklist_text(std::span<const check_item> all)
{
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : all)
        rows.push_back({each.name, each.seen, std::string{to_string(each.result)}});
    return table({"", "seen", "result"}, rows);
}

}  // namespace deadair::report
