#include "analysis/estimate/reading.hpp"

#include <utility>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

by_stratum sorted(std::span<const observation> seen)
{
    by_stratum strata;
    for (const auto& each : seen)
        strata[each.where].push_back(each);
    return strata;
}

account account_of(reading by, double packet_loss)
{
    account found{std::move(by), {}, 0};
    found.pools = pools_of(sorted(found.by.seen), packet_loss);
    found.score = score_of(found.pools) - found.by.cost;
    return found;
}

std::vector<observation> odd_of(std::span<const pool> pools)
{
    std::vector<observation> odd;
    for (const auto& each : pools) {
        // The odd ones are counted among those that are not void.
        std::vector<observation> telling;
        for (const auto& seen : each.seen)
            if (is_alive(seen) || is_dead(seen))
                telling.push_back(seen);
        for (const auto which : each.how.odd)
            odd.push_back(telling.at(which));
    }
    return odd;
}

}  // namespace deadair::estimate
