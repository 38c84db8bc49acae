#include "prober/watch/plan/checklist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deadair::watch_plan {

namespace {

mark nought(std::uint64_t failed, bool tried)
{
    if (failed > 0)
        return mark::fail;
    return tried ? mark::pass : mark::unknown;
}

std::uint64_t count(const totals& of, incident_kind what)
{
    const auto found = of.incidents.find(what);
    return found == of.incidents.end() ? 0 : found->second;
}

}  // namespace

std::string_view to_string(mark value)
{
    constexpr std::array<std::string_view, 3> names{"pass", "FAIL", "not known"};
    return names.at(static_cast<std::size_t>(value));
}

std::vector<item> checklist(const totals& of)
{
    const auto drifts = count(of, incident_kind::idle_timeout_changed);
    return {
        {"missed first messages", fmt::format("{} of {}", of.missed, of.messages),
         nought(of.missed, of.messages > 0)},
        {"failed uploads",
         of.uploads ? fmt::format("{} of {}", of.uploads_failed, *of.uploads) : "none tried",
         nought(of.uploads_failed, of.uploads.value_or(0) > 0)},
        {"reconnects needed", fmt::format("{} in {}", of.reconnects, format_duration(of.watched)),
         nought(of.reconnects, of.messages > 0)},
        {"connections all forgotten at once",
         fmt::format("{} times", count(of, incident_kind::bindings_lost)),
         nought(count(of, incident_kind::bindings_lost), of.messages > 0)},
        {"changes of the idle timeout",
         fmt::format("{} in {} measurements", drifts, of.measurements),
         nought(drifts, of.measurements > 1)},
    };
}

mark result_of(const std::vector<item>& all)
{
    if (std::ranges::any_of(all, [](const item& each) { return each.result == mark::fail; }))
        return mark::fail;
    return all.front().result;
}

}  // namespace deadair::watch_plan
