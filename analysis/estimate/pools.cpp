#include "analysis/estimate/pools.hpp"

#include <algorithm>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/shape.hpp"

namespace deadair::estimate {

namespace {

// Zones of expiry this much apart, or less, may be one.
constexpr double apart = 0.1;

std::vector<observation> joint(const pool& one, std::span<const observation> other)
{
    auto all = one.seen;
    all.insert(all.end(), other.begin(), other.end());
    return all;
}

std::vector<pool> sharp_ones(const std::map<stratum, std::vector<observation>>& strata,
                             double packet_loss)
{
    std::vector<pool> pools;
    for (const auto& [where, seen] : strata) {
        if (std::ranges::none_of(seen, is_dead))
            continue;
        pool alone{{where}, seen, against_sharp(seen, packet_loss)};
        bool at_home = false;
        for (auto& each : pools) {
            auto all = joint(each, seen);
            const auto against = against_sharp(all, packet_loss);
            if (!(at_home = against <= sharp_rejected_above))
                continue;
            each.members.push_back(where);
            each.seen = std::move(all);
            each.against_sharp = against;
            break;
        }
        if (!at_home)
            pools.push_back(std::move(alone));
    }
    return pools;
}

struct extent {
    double from{};
    double to{};
};

extent extent_of(const pool& of)
{
    const auto where = zone_of(of.seen);
    return {to_seconds(std::min(where.first_dead, where.last_alive)),
            to_seconds(std::max(where.first_dead, where.last_alive))};
}

bool are_one(const pool& left, const pool& right)
{
    const auto one = extent_of(left);
    const auto other = extent_of(right);
    return left.against_sharp + right.against_sharp > sharp_rejected_above &&
           one.from <= other.to * (1 + apart) && other.from <= one.to * (1 + apart);
}

}  // namespace

bool pool::sharp() const
{
    return against_sharp <= sharp_rejected_above;
}

std::vector<pool> pools_of(const std::map<stratum, std::vector<observation>>& strata,
                           double packet_loss)
{
    auto pools = sharp_ones(strata, packet_loss);
    for (std::size_t i = 0; i < pools.size(); ++i)
        for (std::size_t k = i + 1; k < pools.size();) {
            if (!are_one(pools[i], pools[k])) {
                ++k;
                continue;
            }
            pools[i].seen = joint(pools[i], pools[k].seen);
            std::ranges::copy(pools[k].members, std::back_inserter(pools[i].members));
            pools[i].against_sharp = against_sharp(pools[i].seen, packet_loss);
            pools.erase(pools.begin() + static_cast<std::ptrdiff_t>(k));
            k = i + 1;
        }
    return pools;
}

}  // namespace deadair::estimate
