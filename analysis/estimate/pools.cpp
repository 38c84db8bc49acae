#include "analysis/estimate/pools.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// What another pool costs, as a logarithm.
constexpr double cost_of_pool = 2;
// Few silences look sharp within a zone that others show: what meets it has to be so much better
// explained alone.
constexpr double cost_of_likeness = 8;

std::vector<observation> joint(const pool& one, const pool& other)
{
    auto all = one.seen;
    all.insert(all.end(), other.seen.begin(), other.seen.end());
    return all;
}

// The end of a zone is known no better than this share of it.
constexpr double nearly = 1.02;

bool meet(const pool& left, const pool& right)
{
    return left.how.low_s <= nearly * right.how.best.high_s &&
           right.how.low_s <= nearly * left.how.best.high_s;
}

// The shapes of both together, if one explanation is as good for both. One sharp timeout for all is
// looked for first, since that is quickly said.
std::optional<shapes> as_one(const pool& left, const pool& right, double packet_loss)
{
    const double apart = left.how.best.score + right.how.best.score - cost_of_pool;
    const auto all = silences_of(joint(left, right));
    if (fit_sharp(all, packet_loss).log_likelihood >= apart)
        return shapes_of(all, packet_loss);
    if ((left.sharp() && right.sharp() && left.how.odd.empty() && right.how.odd.empty()) ||
        !meet(left, right))
        return std::nullopt;
    auto both = shapes_of(all, packet_loss);
    return both.best.score >= apart - cost_of_likeness ? std::optional{std::move(both)}
                                                       : std::nullopt;
}

void add(std::vector<pool>& to, pool alone, double packet_loss)
{
    for (auto& each : to) {
        auto both = as_one(each, alone, packet_loss);
        if (!both)
            continue;
        each.seen = joint(each, alone);
        std::ranges::copy(alone.members, std::back_inserter(each.members));
        each.how = std::move(*both);
        return;
    }
    to.push_back(std::move(alone));
}

// No two explanations are so much better than this.
constexpr double sharp_at_once = -cost_of_pool;

std::optional<pool> one_sharp(const by_stratum& strata, double packet_loss)
{
    pool all;
    for (const auto& [where, seen] : strata) {
        if (std::ranges::none_of(seen, is_dead))
            continue;
        all.members.push_back(where);
        all.seen.insert(all.seen.end(), seen.begin(), seen.end());
    }
    const auto silences = silences_of(all.seen);
    if (all.members.empty() || fit_sharp(silences, packet_loss).log_likelihood < sharp_at_once)
        return std::nullopt;
    all.how = shapes_of(silences, packet_loss);
    return all;
}

}  // namespace

std::vector<pool> pools_of(const by_stratum& strata, double packet_loss)
{
    std::vector<pool> pools;
    if (auto all = one_sharp(strata, packet_loss)) {
        pools.push_back(std::move(*all));
        return pools;
    }
    for (const auto& [where, seen] : strata)
        if (std::ranges::any_of(seen, is_dead))
            add(pools, {{where}, seen, shapes_of(silences_of(seen), packet_loss)}, packet_loss);
    return pools;
}

bool may_be_sharp(const by_stratum& strata, double packet_loss)
{
    return std::ranges::all_of(strata, [&](const auto& each) {
        return fit_sharp(silences_of(each.second), packet_loss).odd.empty();
    });
}

double score_of(std::span<const pool> pools)
{
    double sum = pools.empty() ? 0 : cost_of_pool;
    for (const auto& each : pools)
        sum += each.how.best.score - cost_of_pool;
    return sum;
}

}  // namespace deadair::estimate
