#include "prober/watch/plan/drift.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace deadair::watch_plan {

namespace {

using estimate::finding_kind;

// Where the idle timeout of a stratum may lie; of a mixture, from its lowest to its highest.
struct range {
    nanoseconds low{};
    std::optional<nanoseconds> high;  // nullopt: nothing expired
    std::optional<nanoseconds> value;
};

std::map<stratum, range> ranges_of(std::span<const estimate::finding> found)
{
    std::map<stratum, range> all;
    for (const auto& each : found) {
        if (each.kind == finding_kind::inconclusive || each.kind == finding_kind::absolute_age)
            continue;
        const auto low = each.low.value_or(nanoseconds{});
        const auto [at, fresh] =
            all.try_emplace(each.where, range{low, each.high, each.idle_timeout});
        if (fresh)
            continue;
        at->second.low = std::min(at->second.low, low);
        at->second.high = std::max(at->second.high, each.high);
    }
    for (auto& [where, one] : all)
        if (one.value && !one.high)
            one.high = one.value;
    return all;
}

bool exclude(const range& one, const range& other)
{
    const auto below = [](const range& a, const range& b) { return a.high && *a.high < b.low; };
    return below(one, other) || below(other, one);
}

std::string words(const range& one)
{
    if (one.value)
        return format_duration(*one.value);
    return one.high ? fmt::format("{} to {}", format_duration(one.low), format_duration(*one.high))
                    : fmt::format("longer than {}", format_duration(one.low));
}

}  // namespace

std::vector<drift> compare(std::span<const estimate::finding> before,
                           std::span<const estimate::finding> after)
{
    std::vector<drift> changed;
    const auto old = ranges_of(before);
    for (const auto& [where, now] : ranges_of(after)) {
        const auto was = old.find(where);
        if (was == old.end() || !exclude(was->second, now))
            continue;
        changed.push_back({.where = where,
                           .before = was->second.value,
                           .after = now.value,
                           .text = fmt::format("{}: the idle timeout was {} and is {}",
                                               describe(where), words(was->second), words(now))});
    }
    return changed;
}

std::optional<timeouts> timeouts_of(std::span<const estimate::finding> found)
{
    std::optional<timeouts> all;
    for (const auto& each : found) {
        if (!each.high || each.kind == finding_kind::none ||
            each.kind == finding_kind::inconclusive || each.where.how.by != refresh::none)
            continue;
        const auto low = each.low.value_or(*each.high);
        all = all ? timeouts{std::min(all->shortest, low), std::max(all->longest, *each.high)}
                  : timeouts{low, *each.high};
    }
    return all;
}

}  // namespace deadair::watch_plan
