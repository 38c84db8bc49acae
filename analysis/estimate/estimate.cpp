#include "analysis/estimate/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/shape.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// Linux gives a connection with unacknowledged data this idle timeout instead of its own
// (nf_conntrack_tcp_timeout_unacknowledged and _max_retrans).
constexpr nanoseconds linux_unacknowledged = 300s;
constexpr nanoseconds linux_unacknowledged_margin = 3s;

// Confidence of a shape that the likelihood ratio chose: see `sharp_rejected_above`.
constexpr double shape_confidence = 0.995;

std::optional<expiry> how_they_died(std::span<const observation> seen, nanoseconds above)
{
    std::set<expiry> ways;
    for (const auto& each : seen) {
        if (!is_dead(each) || each.idle_age + each.idle_age_error <= above)
            continue;
        switch (each.result) {
            case outcome::reset:
                ways.insert(expiry::reset);
                break;
            case outcome::closed:
                ways.insert(expiry::closed);
                break;
            case outcome::late:
                ways.insert(expiry::late);
                break;
            default:
                ways.insert(expiry::silent);
        }
    }
    if (ways.empty())
        return std::nullopt;
    return ways.size() == 1 ? *ways.begin() : expiry::mixed;
}

finding counted(const stratum& where, std::span<const observation> seen)
{
    finding found;
    found.where = where;
    for (const auto& each : seen) {
        found.delivered += is_alive(each) ? 1 : 0;
        found.not_delivered += is_dead(each) ? 1 : 0;
        found.voided += each.result == outcome::voided ? 1 : 0;
    }
    return found;
}

std::string remark_near_300_s(const finding& found)
{
    if (!found.idle_timeout)
        return {};
    const auto distance = std::chrono::abs(*found.idle_timeout - linux_unacknowledged);
    return distance > linux_unacknowledged_margin
               ? std::string{}
               : "Linux gives connections with unacknowledged data 300 s; these had none, so this "
                 "is the firewall's own value, but compare it with its configuration.";
}

void set_sharp(finding& found, std::span<const observation> seen, const interval& around)
{
    found.kind = finding_kind::timeout;
    found.low = around.survived;
    found.high = around.expired;
    found.idle_timeout = (*found.low + *found.high) / 2;
    found.confidence = around.confidence;
    found.after_expiry = how_they_died(seen, around.survived);
    found.note = remark_near_300_s(found);
}

void set_spread(finding& found, std::span<const observation> seen)
{
    const auto where = zone_of(seen);
    found.kind = finding_kind::spread;
    found.low = where.first_dead;
    found.high = std::max(where.last_alive, where.first_dead);
    found.idle_timeout = (*found.low + *found.high) / 2;
    found.confidence = shape_confidence;
    found.after_expiry = how_they_died(seen, nanoseconds{});
    found.note = "not one sharp age: build on the lower end only";
}

// Not everything is known, but what is known is true.
void set_open(finding& found, const interval& around)
{
    if (around.survived > nanoseconds{})
        found.low = around.survived;
    found.kind = finding_kind::inconclusive;
    if (around.thin)
        found.note = "some probes did not arrive, but too few to tell expiry from packet loss";
    else if (found.delivered > 0) {
        found.kind = finding_kind::none;
        found.confidence = 1;
    } else
        found.note = "no probe tells anything: all are void, or none was sent";
}

// Strata that one and the same sharp timeout explains. The planner measures them together, and a
// single probe that is lost in each then tells that all have what the pool has.
struct pool {
    std::vector<stratum> members;
    std::vector<observation> seen;
};

bool any_dead(std::span<const observation> seen)
{
    return std::ranges::any_of(seen, is_dead);
}

std::vector<pool> pooled(const std::map<stratum, std::vector<observation>>& strata,
                         const assumptions& given)
{
    std::vector<pool> pools;
    for (const auto& entry : strata) {
        const auto& seen = entry.second;
        if (!any_dead(seen))
            continue;
        auto home = std::ranges::find_if(pools, [&](const pool& each) {
            auto joint = each.seen;
            joint.insert(joint.end(), seen.begin(), seen.end());
            return against_sharp(joint, given.packet_loss) <= sharp_rejected_above;
        });
        if (home == pools.end())
            home = pools.emplace(pools.end());
        home->members.push_back(entry.first);
        home->seen.insert(home->seen.end(), seen.begin(), seen.end());
    }
    return pools;
}

interval interval_of(const stratum& where, std::span<const observation> seen,
                     const std::vector<pool>& pools, const assumptions& given)
{
    for (const auto& each : pools)
        if (std::ranges::find(each.members, where) != each.members.end())
            return bracket(each.seen, given.packet_loss);
    return bracket(seen, given.packet_loss);
}

finding of_stratum(const stratum& where, std::span<const observation> seen, const interval& around,
                   const assumptions& given)
{
    auto found = counted(where, seen);
    if (found.delivered > 0 && any_dead(seen) &&
        against_sharp(seen, given.packet_loss) > sharp_rejected_above)
        set_spread(found, seen);
    else if (around.expired)
        set_sharp(found, seen, around);
    else
        set_open(found, around);
    return found;
}

}  // namespace

std::vector<finding> estimate(std::span<const observation> seen, const assumptions& given)
{
    std::map<stratum, std::vector<observation>> strata;
    for (const auto& each : seen)
        strata[each.where].push_back(each);
    const auto pools = pooled(strata, given);
    std::vector<finding> findings;
    findings.reserve(strata.size());
    for (const auto& [where, here] : strata)
        findings.push_back(of_stratum(where, here, interval_of(where, here, pools, given), given));
    return findings;
}

}  // namespace deadair::estimate
