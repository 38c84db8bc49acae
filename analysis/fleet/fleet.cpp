#include "analysis/fleet/fleet.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "analysis/estimate/comparison.hpp"

namespace deadair::fleet {

namespace {

using estimate::finding;
using estimate::finding_kind;

// A group is outlying if no more than this share of all is in it, while most are in another.
constexpr double few = 0.1;

bool expires(const finding& one)
{
    return one.low && one.high && one.kind != finding_kind::none &&
           one.kind != finding_kind::inconclusive && one.kind != finding_kind::absolute_age;
}

std::optional<finding> deciding(std::span<const finding> found)
{
    std::optional<finding> first;
    for (const auto& each : found) {
        const bool counts = each.where.how.by == refresh::none && each.low &&
                            (expires(each) || each.kind == finding_kind::none);
        if (!counts)
            continue;
        const bool sooner = first && expires(each) == expires(*first) && *each.low < *first->low;
        if (!first || sooner || (expires(each) && !expires(*first)))
            first = each;
    }
    return first;
}

using paths = std::map<std::pair<std::string, std::string>, std::vector<const measured_run*>>;

paths by_path(std::span<const measured_run> runs)
{
    paths all;
    for (const auto& each : runs)
        all[{each.host, each.server}].push_back(&each);
    for (auto& [path, its] : all)
        std::ranges::stable_sort(its, {}, [](const measured_run* one) { return one->started_at; });
    return all;
}

// What both may be; nullopt if they contradict each other.
std::optional<finding> in_common(const finding& one, const finding& other)
{
    if (expires(one) != expires(other))
        return std::nullopt;
    auto both = one;
    if (!expires(one)) {
        both.low = std::min(*one.low, *other.low);
        return both;
    }
    both.low = std::max(*one.low, *other.low);
    both.high = std::min(*one.high, *other.high);
    if (*both.low > *both.high || one.kind != other.kind || one.after_expiry != other.after_expiry)
        return std::nullopt;
    both.idle_timeout = (*both.low + *both.high) / 2;
    return both;
}

void put(std::vector<group>& groups, member one)
{
    for (auto& each : groups) {
        if (!each.one && !one.deciding)
            return each.members.push_back(std::move(one));
        if (!each.one || !one.deciding)
            continue;
        if (auto both = in_common(*each.one, *one.deciding)) {
            each.one = std::move(both);
            return each.members.push_back(std::move(one));
        }
    }
    auto& fresh = groups.emplace_back();
    fresh.one = one.deciding;
    fresh.members.push_back(std::move(one));
}

std::vector<group> grouped(std::vector<member> all)
{
    // By value, so that the narrowest common interval does not depend on the order of hosts.
    std::ranges::stable_sort(all, {}, [](const member& one) {
        return one.deciding ? *one.deciding->low : nanoseconds::max();
    });
    const auto count = static_cast<double>(all.size());
    std::vector<group> groups;
    for (auto& each : all)
        put(groups, std::move(each));
    std::ranges::stable_sort(groups, std::greater<>{},
                             [](const group& one) { return one.members.size(); });
    const bool most_agree =
        !groups.empty() && static_cast<double>(groups[0].members.size()) > count / 2;
    for (std::size_t i = 1; i < groups.size(); ++i)
        groups[i].outlying =
            most_agree && static_cast<double>(groups[i].members.size()) <= count * few;
    return groups;
}

// The latest change of a path, if it ever changed.
std::optional<drift> drift_of(const std::vector<const measured_run*>& runs)
{
    for (std::size_t i = runs.size(); i-- > 1;) {
        const auto& before = *runs[i - 1];
        const auto& after = *runs[i];
        for (const auto& each : estimate::compare(before.findings, after.findings))
            if (each.what == estimate::change::differs && each.where.how.by == refresh::none)
                return drift{after.host,        after.server,     before.run_id, after.run_id,
                             before.started_at, after.started_at, each.sentence};
    }
    return std::nullopt;
}

}  // namespace

overview survey(std::span<const measured_run> runs)
{
    overview all;
    all.runs = runs.size();
    std::vector<member> members;
    for (const auto& [path, its] : by_path(runs)) {
        const auto& last = *its.back();
        members.push_back({.host = path.first,
                           .server = path.second,
                           .run_id = last.run_id,
                           .started_at = last.started_at,
                           .deciding = deciding(last.findings)});
        if (auto changed = drift_of(its))
            all.drifts.push_back(std::move(*changed));
    }
    all.groups = grouped(std::move(members));
    std::ranges::stable_sort(all.drifts, {}, &drift::after_at);
    return all;
}

}  // namespace deadair::fleet
