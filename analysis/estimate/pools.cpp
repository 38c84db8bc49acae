#include "analysis/estimate/pools.hpp"

#include <algorithm>

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

double sharp_score(std::span<const observation> seen, double packet_loss)
{
    return fit_sharp(silences_of(seen), packet_loss).log_likelihood;
}

bool meet(const pool& left, const pool& right)
{
    return left.how.low_s <= right.how.best.high_s && right.how.low_s <= left.how.best.high_s;
}

// Whether one explanation is as good for both. One sharp timeout for all is looked for first, since
// that is quickly said.
bool belong_together(const pool& left, const pool& right, double packet_loss)
{
    const double apart = left.how.best.score + right.how.best.score - cost_of_pool;
    const auto all = joint(left, right);
    if (sharp_score(all, packet_loss) >= apart)
        return true;
    if ((left.sharp() && right.sharp() && left.how.odd.empty() && right.how.odd.empty()) ||
        !meet(left, right))
        return false;
    return shapes_of(silences_of(all), packet_loss).best.score >= apart - cost_of_likeness;
}

void join(pool& to, const pool& other, double packet_loss)
{
    to.seen = joint(to, other);
    std::ranges::copy(other.members, std::back_inserter(to.members));
    to.how = shapes_of(silences_of(to.seen), packet_loss);
}

}  // namespace

std::vector<pool> pools_of(const std::map<stratum, std::vector<observation>>& strata,
                           double packet_loss)
{
    std::vector<pool> pools;
    for (const auto& [where, seen] : strata) {
        if (std::ranges::none_of(seen, is_dead))
            continue;
        pool alone{{where}, seen, shapes_of(silences_of(seen), packet_loss)};
        const auto home = std::ranges::find_if(
            pools, [&](const pool& each) { return belong_together(each, alone, packet_loss); });
        if (home == pools.end())
            pools.push_back(std::move(alone));
        else
            join(*home, alone, packet_loss);
    }
    return pools;
}

double score_of(std::span<const pool> pools)
{
    double sum = pools.empty() ? 0 : cost_of_pool;
    for (const auto& each : pools)
        sum += each.how.best.score - cost_of_pool;
    return sum;
}

}  // namespace deadair::estimate
