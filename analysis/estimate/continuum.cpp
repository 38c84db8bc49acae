#include "analysis/estimate/continuum.hpp"

#include <algorithm>
#include <cmath>
#include <map>

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

double log_likelihood(std::span<const silence> seen, const zone_fit& of)
{
    double sum = 0;
    for (const auto& each : seen) {
        if (each.lived() && each.alive_until_s <= of.from_s)
            continue;
        const double after = each.lived() ? 1 : of.gone(each.dead_by_s);
        const double before = each.alive_until_s < 0 ? 0 : of.gone(each.alive_until_s);
        sum += std::max(std::log(std::max(after - before, least_chance)), log_impossible);
    }
    return sum;
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
    std::vector<tried> all;
    for (int tail = 1; tail <= tails; ++tail)
        for (int i = 0; i <= steps; ++i)
            for (int k = 1; k <= steps; ++k) {
                const zone_fit zone{within.from.before(i), within.to.after(k), tail};
                if (zone.to_s > zone.from_s)
                    all.push_back({zone, log_likelihood(seen, zone)});
            }
    for (const auto& each : all)
        if (each.likely > best.log_likelihood)
            best = {each.likely, each.zone.from_s, each.zone.to_s, 0, 0};
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
