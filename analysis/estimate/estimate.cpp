#include "analysis/estimate/estimate.hpp"

#include <algorithm>

#include "analysis/estimate/accounts.hpp"
#include "analysis/estimate/ages.hpp"
#include "analysis/estimate/beyond_silence.hpp"
#include "analysis/estimate/closes.hpp"
#include "analysis/estimate/delayed.hpp"
#include "analysis/estimate/half_dead.hpp"
#include "analysis/estimate/random_ends.hpp"
#include "analysis/estimate/refreshed.hpp"
#include "analysis/estimate/verdict.hpp"

namespace deadair::estimate {

namespace {

struct silent_findings {
    std::vector<finding> all;
    std::optional<nanoseconds> age_low;  ///< of an age limit that the silent ones show
    std::optional<nanoseconds> age_high;
};

silent_findings findings_of_silent(std::span<const observation> silent,
                                   std::span<const observation> all, const assumptions& given)
{
    if (silent.empty())
        return {};
    const auto how = choose(silent, all, given.packet_loss);
    silent_findings found{{}, how.best.by.age_low, how.best.by.age_high};
    for (const auto& [where, here] : sorted(silent))
        std::ranges::move(findings_of(where, here, how, given), std::back_inserter(found.all));
    return found;
}

// What comes after a message that was not acknowledged is no silence.
silent_findings findings_of_whole(std::span<const observation> silent,
                                  std::span<const observation> all, const assumptions& given)
{
    auto found = findings_of_silent(silent, all, given);
    const auto half = half_dead_of(found.all, silent);
    if (!half.empty())
        found = findings_of_silent(until_half_dead(silent, half), all, given);
    describe(found.all, half);
    const auto strata = sorted(silent);
    for (auto& each : found.all)
        look_beyond_silence(each, strata.at(each.where), given);
    return found;
}

// What only came late was not forgotten.
silent_findings findings_of_late(std::span<const observation> silent,
                                 std::span<const observation> all, const assumptions& given)
{
    const auto late = delay_of(silent);
    if (!late)
        return findings_of_whole(silent, all, given);
    auto found = findings_of_whole(without_delay(silent, *late), without_delay(all, *late), given);
    for (auto& each : found.all)
        describe(each, *late);
    return found;
}

// An age limit that silent connections show, on each path: no busy one was cut, or there was none.
void add_ages(std::vector<finding>& to, const silent_findings& of)
{
    for (const auto& each : of.all) {
        auto where = each.where;
        where.how.by = refresh::data;
        where.how.from = refresh_side::both;
        to.push_back(age_limit(where, *of.age_low, *of.age_high));
    }
}

// Takes out what was said on busy connections.
std::vector<observation> take_busy(by_stratum& refreshed, std::span<const finding> silent)
{
    std::vector<observation> busy;
    for (auto& [where, here] : refreshed) {
        const auto rest =
            std::stable_partition(here.begin(), here.end(),
                                  [&](const observation& each) { return is_busy(each, silent); });
        busy.insert(busy.end(), here.begin(), rest);
        here.erase(here.begin(), rest);
    }
    return busy;
}

}  // namespace

std::vector<finding> estimate(std::span<const observation> seen, const assumptions& given)
{
    std::vector<observation> silent(seen.begin(), seen.end());
    const auto others = std::stable_partition(
        silent.begin(), silent.end(),
        [](const observation& each) { return each.where.how.by == refresh::none; });
    auto refreshed = sorted({others, silent.end()});
    silent.erase(others, silent.end());
    const auto of_silent = findings_of_late(silent, seen, given);
    auto findings = of_silent.all;
    const auto busy = take_busy(refreshed, findings);
    const auto at_random = random_ends(busy);
    if (at_random)
        describe_random(findings, *at_random);
    else
        doubt_random(findings, busy);
    std::vector<finding> beside;
    for (const auto& [where, here] : refreshed) {
        if (here.empty())
            continue;
        auto one = of_refreshed(where, here, {findings, silent, busy});
        // What is left of busy connections may say nothing of a refresh.
        const bool kept_busy =
            where.how.by == refresh::data && where.how.from == refresh_side::both;
        if (!kept_busy || one.delivered + one.not_delivered + one.voided > 0)
            beside.push_back(std::move(one));
    }
    const auto aged = at_random ? std::vector<finding>{} : ages_of(busy, given);
    if (of_silent.age_low && !at_random && std::ranges::none_of(aged, [](const finding& each) {
            return each.kind == finding_kind::absolute_age;
        }))
        add_ages(beside, of_silent);
    else
        std::ranges::copy(aged, std::back_inserter(beside));
    std::ranges::move(beside, std::back_inserter(findings));
    std::ranges::stable_sort(findings, {}, &finding::where);
    remark_on_proxies(findings);
    remark_on_closes(findings, seen);
    return findings;
}

}  // namespace deadair::estimate
