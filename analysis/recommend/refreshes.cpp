#include "analysis/recommend/refreshes.hpp"

#include "analysis/estimate/refreshed.hpp"

namespace deadair::recommend {
namespace {

using estimate::finding;

// nullopt: no stratum tells.
std::optional<bool> counts_from(std::span<const finding> found, refresh by, refresh_side side)
{
    std::optional<bool> counts;
    for (const auto& each : found) {
        const auto effect = estimate::effect_of(each);
        if (each.where.how.by == by && each.where.how.from == side &&
            effect != estimate::refresh_effect::inconclusive)
            counts = counts.value_or(true) && effect == estimate::refresh_effect::counts;
    }
    return counts;
}

}  // namespace

usefulness usefulness_of(std::span<const finding> found, refresh by)
{
    const auto client = counts_from(found, by, refresh_side::client);
    const auto server = counts_from(found, by, refresh_side::server);
    const auto both = counts_from(found, by, refresh_side::both);
    usefulness all;
    for (const auto& side : {client, server, both})
        if (side)
            all.counts = all.counts.value_or(false) || *side;
    if (client == true && server == false)
        all.only_from = refresh_side::client;
    if (server == true && client == false)
        all.only_from = refresh_side::server;
    return all;
}

}  // namespace deadair::recommend
