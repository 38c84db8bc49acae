#include "analysis/estimate/estimate.hpp"

#include <algorithm>

#include "analysis/estimate/accounts.hpp"
#include "analysis/estimate/ages.hpp"
#include "analysis/estimate/refreshed.hpp"
#include "analysis/estimate/verdict.hpp"

namespace deadair::estimate {

namespace {

std::vector<finding> findings_of_silent(std::span<const observation> silent,
                                        std::span<const observation> all, const assumptions& given)
{
    const auto how = choose(silent, all, given.packet_loss);
    std::vector<finding> findings;
    for (const auto& [where, here] : sorted(silent))
        std::ranges::move(findings_of(where, here, how, given), std::back_inserter(findings));
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
    auto findings = findings_of_silent(silent, seen, given);
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
