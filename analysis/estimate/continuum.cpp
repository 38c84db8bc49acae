#include "analysis/estimate/continuum.hpp"

#include <algorithm>
#include <map>

#include "analysis/estimate/log_product.hpp"

namespace deadair::estimate {

namespace {

constexpr int steps = 40;
// The lower tail may be thinner than that of an even draw: both are tried.
constexpr int tails = 2;
constexpr double least_chance = 1e-6;

struct zone_fit {
    double from_s{};
    double to_s{};
    int tail{1};

    // The chance that a binding is gone by this age.
    double gone(double age_s) const
    {
        const double share = std::clamp((age_s - from_s) / (to_s - from_s), 0.0, 1.0);
        return tail == 1 ? share : share * share;
    }
};

// Those that lived, the oldest first: what lived to no zone tells nothing of it.
struct sorted_silences {
    std::vector<double> lived_s;
    std::vector<silence> dead;
};

sorted_silences sort(std::span<const silence> seen)
{
    sorted_silences all;
    for (const auto& each : seen)
        if (each.lived())
            all.lived_s.push_back(each.alive_until_s);
        else
            all.dead.push_back(with_slack(each));
    std::ranges::sort(all.lived_s, std::ranges::greater{});
    return all;
}

// As soon as it is below `enough` the rest does not matter: no chance is over 1.
double log_likelihood(const sorted_silences& seen, const zone_fit& of, double enough)
{
    log_product all;
    for (const double age_s : seen.lived_s) {
        if (all.is_below(enough))
            return all.value();
        if (age_s <= of.from_s)
            break;
        all.times(std::max(1 - of.gone(age_s), least_chance));
    }
    for (const auto& each : seen.dead) {
        const double before = each.alive_until_s < 0 ? 0 : of.gone(each.alive_until_s);
        all.times(std::max(of.gone(each.dead_by_s) - before, least_chance));
        if (all.is_below(enough))
            break;
    }
    return all.value();
}

struct span_s {
    double from{};
    double to{};
    // Closer together near the end where something was seen to die.
    double after(int step) const { return from + (to - from) * square(step); }
    double before(int step) const { return to - (to - from) * square(steps - step); }
    static double square(int step)
    {
        const double share = static_cast<double>(step) / steps;
        return share * share;
    }
};

// Where the zone may begin, and where it may end.
struct search {
    span_s from;
    span_s to;
};

search search_of(std::span<const silence> seen)
{
    double first_dead = never;
    double last = 0;
    for (const auto& each : seen) {
        first_dead = std::min(first_dead, each.dead_by_s);
        last = std::max(last, each.lived() ? each.alive_until_s : each.dead_by_s);
    }
    return {{0, std::min(first_dead, last)}, {first_dead, last * 1.3}};
}

// A coarse grid first: what it finds good spares most of the rest.
std::vector<zone_fit> zones_of(const search& within)
{
    constexpr int coarse = 8;
    std::vector<zone_fit> first;
    std::vector<zone_fit> rest;
    for (int tail = 1; tail <= tails; ++tail)
        for (int i = 0; i <= steps; ++i)
            for (int k = 1; k <= steps; ++k) {
                const zone_fit zone{within.from.before(i), within.to.after(k), tail};
                if (zone.to_s > zone.from_s)
                    (i % coarse == 0 && k % coarse == 0 ? first : rest).push_back(zone);
            }
    first.insert(first.end(), rest.begin(), rest.end());
    return first;
}

}  // namespace

continuum_fit fit_continuum(std::span<const silence> seen)
{
    const auto within = search_of(seen);
    continuum_fit best;
    if (within.from.to <= 0 || within.from.to == never)
        return best;
    struct tried {
        zone_fit zone;
        double likely{};
    };
    const auto in_order = sort(seen);
    std::vector<tried> all;
    for (const auto& zone : zones_of(within)) {
        const double enough = best.log_likelihood + log_one_in_hundred;
        all.push_back({zone, log_likelihood(in_order, zone, enough)});
        if (all.back().likely > best.log_likelihood)
            best = {all.back().likely, zone.from_s, zone.to_s, 0, 0};
    }
    best.low_s = best.from_s;
    best.high_s = best.to_s;
    for (const auto& each : all)
        if (each.likely >= best.log_likelihood + log_one_in_hundred) {
            best.low_s = std::min(best.low_s, each.zone.from_s);
            best.high_s = std::max(best.high_s, each.zone.to_s);
        }
    return best;
}

std::vector<silence> by_connection(std::span<const silence> seen)
{
    std::map<std::uint32_t, silence> joint;
    for (const auto& each : seen) {
        auto& here = joint.try_emplace(each.connection, silence{.connection = each.connection})
                         .first->second;
        here.alive_until_s = std::max(here.alive_until_s, each.alive_until_s);
        here.dead_by_s = std::min(here.dead_by_s, each.dead_by_s);
        here.packets = std::max(here.packets, each.packets);
    }
    std::vector<silence> all;
    for (const auto& [connection, each] : joint)
        all.push_back(each);
    return all;
}

}  // namespace deadair::estimate
