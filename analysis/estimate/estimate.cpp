#include "analysis/estimate/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/estimate/ages.hpp"
#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/mixture.hpp"
#include "analysis/estimate/pools.hpp"
#include "analysis/estimate/refreshed.hpp"
#include "analysis/estimate/renewal.hpp"
#include "analysis/estimate/shape.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// Linux gives a connection with unacknowledged data, or with so many retransmissions in a row, this
// idle timeout instead of its own (nf_conntrack_tcp_timeout_unacknowledged and _max_retrans,
// nf_conntrack_tcp_max_retrans).
constexpr nanoseconds linux_unacknowledged = 300s;
constexpr nanoseconds linux_unacknowledged_margin = 3s;
constexpr std::uint32_t linux_retransmissions = 3;

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

// Whether a value near 300 s may be Linux's reaction instead of the firewall's own, as far as the
// kernels counted. A silence that began with data unacknowledged is void: nothing here comes of it.
std::string remark_near_300_s(const finding& found, std::span<const observation> seen)
{
    if (std::chrono::abs(*found.idle_timeout - linux_unacknowledged) > linux_unacknowledged_margin)
        return {};
    int failed = 0;
    int counted = 0;
    int suspects = 0;
    for (const auto& each : seen) {
        if (!is_dead(each) || each.unprompted || each.idle_age < *found.low)
            continue;
        ++failed;
        counted += each.retransmitted_before ? 1 : 0;
        suspects += each.retransmitted_before.value_or(0) >= linux_retransmissions ? 1 : 0;
    }
    const std::string_view begins =
        "Linux gives connections with unacknowledged data, or after three retransmissions, 300 s";
    if (suspects > 0)
        return fmt::format(
            "{}; {} of the {} that failed had that many before their silence, so this may not be "
            "the firewall's own value: measure again when the path loses less",
            begins, suspects, failed);
    if (counted < failed)
        return fmt::format(
            "{}; these had no data unacknowledged, but {} of the {} that failed were not counted "
            "for retransmissions: compare it with the firewall's configuration",
            begins, failed - counted, failed);
    return fmt::format(
        "{}; these had neither, so this is the firewall's own value, but compare it with its "
        "configuration",
        begins);
}

void set_sharp(finding& found, std::span<const observation> seen, const interval& around)
{
    found.kind = finding_kind::timeout;
    found.low = around.survived;
    found.high = around.expired;
    found.idle_timeout = (*found.low + *found.high) / 2;
    found.confidence = around.confidence;
    found.after_expiry = how_they_died(seen, around.survived);
    found.note = remark_near_300_s(found, seen);
}

void set_spread(finding& found, std::span<const observation> seen, const explanation& of)
{
    const auto where = zone_of(seen);
    found.kind = finding_kind::spread;
    if (of.low > nanoseconds{})
        found.low = of.low;
    found.high = std::max(where.last_alive, where.first_dead);
    found.idle_timeout = (of.low + *found.high) / 2;
    found.confidence = shape_confidence;
    found.after_expiry = how_they_died(seen, nanoseconds{});
    found.note = of.kind == nature::spread
                     ? "not one sharp age, but drawn anew for each silence (coarse timers, load): "
                       "build on the lower end only"
                     : "not one sharp age; too few survivors were asked again to tell whether it "
                       "is a spread or a mixture: build on the lower end only";
}

std::string remark_on(const explanation& of)
{
    return fmt::format(
        "one of {} timeouts that connections keep, so it goes by the source port: several "
        "middleboxes behind one address{}",
        of.parts.size(), of.by_port.empty() ? "" : "; " + of.by_port + " have the shorter one");
}

// One finding for each timeout of a mixture.
std::vector<finding> set_mixture(const finding& counts, std::span<const observation> seen,
                                 const explanation& of)
{
    std::vector<finding> all;
    for (const auto& each : of.parts) {
        auto& one = all.emplace_back(counts);
        one.kind = finding_kind::mixture;
        if (each.low > nanoseconds{})
            one.low = each.low;
        one.high = each.high;
        if (each.high)
            one.idle_timeout = (each.low + *each.high) / 2;
        one.confidence = each.confidence;
        one.after_expiry = how_they_died(seen, each.low);
        one.share = each.share;
        one.note = remark_on(of);
    }
    return all;
}

// Not everything is known, but what is known is true. If half of all connections died of such a
// silence, so many would not all have lived: that is what the survivors bear out.
void set_open(finding& found, const interval& around)
{
    if (around.survived > nanoseconds{})
        found.low = around.survived;
    found.kind = finding_kind::inconclusive;
    if (around.thin)
        found.note = "some probes did not arrive, but too few to tell expiry from packet loss";
    else if (found.delivered > 0) {
        found.kind = finding_kind::none;
        found.confidence = 1 - std::pow(0.5, found.delivered);
    } else
        found.note = "no probe tells anything: all are void, or none was sent";
}

const pool* home_of(const stratum& where, const std::vector<pool>& pools)
{
    const auto found = std::ranges::find_if(pools, [&](const pool& each) {
        return std::ranges::find(each.members, where) != each.members.end();
    });
    return found == pools.end() ? nullptr : &*found;
}

finding sharp_or_open(const stratum& where, std::span<const observation> seen,
                      std::span<const observation> together, const assumptions& given)
{
    auto found = counted(where, seen);
    const auto around = bracket(together, given.packet_loss);
    if (around.expired)
        set_sharp(found, seen, around);
    else
        set_open(found, around);
    return found;
}

/// How the strata that expired fit together, and the side whose data alone renews a binding.
struct view {
    std::vector<pool> pools;
    std::optional<direction> renewed_by;
};

using by_stratum = std::map<stratum, std::vector<observation>>;

by_stratum sorted(std::span<const observation> seen)
{
    by_stratum strata;
    for (const auto& each : seen)
        strata[each.where].push_back(each);
    return strata;
}

// An expiry that looks like a spread may be sharp for a middlebox that heeds the data of one end
// only: each silence after the other's word is shorter than it looks. That is believed when it
// explains every stratum.
view view_of(const by_stratum& strata, std::span<const observation> silent, double packet_loss)
{
    view plain{pools_of(strata, packet_loss), std::nullopt};
    if (std::ranges::all_of(plain.pools, &pool::sharp))
        return plain;
    for (const auto by : {direction::to_server, direction::to_client}) {
        view other{pools_of(sorted(renewed_only_by(by, silent)), packet_loss), by};
        const auto explained = [&](const auto& each) {
            return home_of(each.first, plain.pools) == nullptr ||
                   home_of(each.first, other.pools) != nullptr;
        };
        if (std::ranges::all_of(other.pools, &pool::sharp) &&
            std::ranges::all_of(strata, explained))
            return other;
    }
    return plain;
}

void remark_on_renewal(finding& found, direction by)
{
    if (found.kind != finding_kind::timeout)
        return;
    found.note = by == direction::to_server
                     ? "counted from the client's last data: what the server sends does not renew "
                       "the binding"
                     : "counted from the server's last data: what the client sends does not renew "
                       "the binding";
}

std::vector<finding> of_stratum(const stratum& where, std::span<const observation> seen,
                                const pool* home, const assumptions& given)
{
    if (home == nullptr)
        return {sharp_or_open(where, seen, seen, given)};
    if (home->sharp())
        return {sharp_or_open(where, seen, home->seen, given)};
    auto counts = counted(where, seen);
    const auto why = explain(home->seen, given.packet_loss);
    if (why.kind == nature::mixture)
        return set_mixture(counts, home->seen, why);
    set_spread(counts, home->seen, why);
    return {counts};
}

std::vector<finding> findings_of_silent(std::span<const observation> seen, const assumptions& given)
{
    const auto strata = sorted(seen);
    const auto how = view_of(strata, seen, given.packet_loss);
    std::vector<finding> findings;
    for (const auto& [where, here] : strata)
        std::ranges::move(of_stratum(where, here, home_of(where, how.pools), given),
                          std::back_inserter(findings));
    if (how.renewed_by)
        for (auto& each : findings)
            remark_on_renewal(each, *how.renewed_by);
    return findings;
}

}  // namespace

std::vector<finding> estimate(std::span<const observation> seen, const assumptions& given)
{
    std::vector<observation> silent(seen.begin(), seen.end());
    const auto others = std::stable_partition(
        silent.begin(), silent.end(),
        [](const observation& each) { return each.where.by == refresh::none; });
    auto refreshed = sorted({others, silent.end()});
    silent.erase(others, silent.end());
    auto findings = findings_of_silent(silent, given);
    std::vector<observation> busy;
    std::vector<finding> beside;
    for (auto& [where, here] : refreshed) {
        const auto rest =
            std::stable_partition(here.begin(), here.end(),
                                  [&](const observation& each) { return is_busy(each, findings); });
        busy.insert(busy.end(), here.begin(), rest);
        here.erase(here.begin(), rest);
        if (here.empty())
            continue;
        auto one = of_refreshed(where, here, findings);
        // What is left of busy connections may say nothing of a refresh.
        const bool kept_busy = where.by == refresh::data && where.from == refresh_side::both;
        if (!kept_busy || one.delivered + one.not_delivered + one.voided > 0)
            beside.push_back(std::move(one));
    }
    std::ranges::move(ages_of(busy, given), std::back_inserter(beside));
    std::ranges::move(beside, std::back_inserter(findings));
    std::ranges::stable_sort(findings, {}, &finding::where);
    remark_on_proxies(findings);
    return findings;
}

}  // namespace deadair::estimate
