#include "analysis/recommend/refreshes.hpp"

#include <algorithm>
#include <chrono>

namespace deadair::recommend {
namespace {

using estimate::finding;
using estimate::finding_kind;

constexpr nanoseconds clearly_longer(nanoseconds timeout)
{
    return timeout + std::max<nanoseconds>(std::chrono::seconds(2), timeout / 100);
}

bool expired(const finding& one)
{
    return one.idle_timeout && one.low;
}

bool same_but_refresh(const finding& left, const finding& right)
{
    return left.where.on == right.where.on && left.where.way == right.where.way;
}

/// nullopt: `with` tells nothing, or is not known to differ.
std::optional<bool> outlives(const finding& with, const finding& without)
{
    if (!with.low || with.kind == finding_kind::inconclusive)
        return std::nullopt;
    if (*with.low > clearly_longer(without.high.value_or(*without.idle_timeout)))
        return true;
    return expired(with) ? std::optional{false} : std::nullopt;
}

std::optional<bool> counts_from(std::span<const finding> found, refresh by, refresh_side side)
{
    std::optional<bool> counts;
    for (const auto& with : found) {
        if (with.where.by != by || with.where.from != side)
            continue;
        for (const auto& without : found) {
            if (without.where.by != refresh::none || !expired(without) ||
                !same_but_refresh(with, without))
                continue;
            if (const auto one = outlives(with, without))
                counts = counts.value_or(true) && *one;
        }
    }
    return counts;
}

}  // namespace

refresh_effect effect_of(std::span<const finding> found, refresh by)
{
    const auto client = counts_from(found, by, refresh_side::client);
    const auto server = counts_from(found, by, refresh_side::server);
    const auto both = counts_from(found, by, refresh_side::both);
    refresh_effect effect;
    for (const auto& side : {client, server, both})
        if (side)
            effect.counts = effect.counts.value_or(false) || *side;
    if (client == true && server == false)
        effect.only_from = refresh_side::client;
    if (server == true && client == false)
        effect.only_from = refresh_side::server;
    return effect;
}

}  // namespace deadair::recommend
