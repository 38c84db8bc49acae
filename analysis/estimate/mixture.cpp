#include "analysis/estimate/mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/shape.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// So much more likely has one nature to be than the other: 10 to 1, as a logarithm.
constexpr double decided_above = 2.3;
// A survivor may be lost all the same.
constexpr double stray_chance = 3e-3;
// The curve is fitted to few probes: it is never taken to be quite sure.
constexpr double share_min = 0.02;
// What the lower end of the shorter timeout may be wrong by chance.
constexpr double low_chance = 0.001;
// Source ports are tried in this many classes; a rule needs so many ports on either side.
constexpr int port_classes_max = 8;
constexpr std::size_t ports_needed = 5;

// What a run says of one connection.
struct life {
    std::uint16_t port{};
    nanoseconds survived{};           // longest age delivered
    std::optional<nanoseconds> died;  // shortest age not delivered
    nanoseconds repeated_until{};     // age at which the last packet of that probe left
};

std::map<std::uint32_t, life> lives_of(std::span<const observation> seen)
{
    std::map<std::uint32_t, life> lives;
    for (const auto& each : seen) {
        auto& here = lives[each.connection_id];
        here.port = each.local_port;
        if (is_alive(each))
            here.survived = std::max(here.survived, each.idle_age);
        else if (is_dead(each) && each.idle_age < here.died.value_or(nanoseconds::max())) {
            here.died = each.idle_age;
            here.repeated_until = each.idle_age + each.idle_age_error +
                                  retransmitted_after(std::min(each.unanswered, 8U));
        }
    }
    return lives;
}

double share_at(const std::vector<survival>& curve, nanoseconds age)
{
    double share = 1;
    for (const auto& each : curve)
        if (each.from <= age)
            share = each.share;
    return std::clamp(share, share_min, 1 - share_min);
}

// Probes at ages at which others died: of connections that had survived such an age before, and of
// the others.
struct exposures {
    std::vector<observation> again;
    std::vector<observation> first;
};

exposures exposures_of(std::vector<observation> seen, const zone& where)
{
    std::ranges::stable_sort(seen, {}, &observation::settled_at);
    exposures found;
    std::map<std::uint32_t, nanoseconds> survived;
    for (const auto& each : seen) {
        auto& before = survived[each.connection_id];
        const bool again = before >= where.first_dead && each.idle_age >= where.first_dead &&
                           each.idle_age <= before + before / 1000 + 2 * each.idle_age_error;
        (again ? found.again : found.first).push_back(each);
        if (is_alive(each))
            before = std::max(before, each.idle_age);
    }
    return found;
}

// The logarithm of how much better a mixture explains those that were asked twice than a spread.
double for_mixture(std::span<const observation> seen, const zone& where)
{
    const auto exposed = exposures_of({seen.begin(), seen.end()}, where);
    const auto curve = survival_curve(exposed.first);
    double sum = 0;
    for (const auto& each : exposed.again) {
        const auto share = share_at(curve, each.idle_age);
        if (is_alive(each))
            sum += std::log((1 - stray_chance) / share);
        else if (is_dead(each))
            sum += std::log(stray_chance / (1 - share));
    }
    return sum;
}

// The age up to which so many lived that one of them would have had the shorter timeout.
nanoseconds surely_below(std::span<const observation> seen, double share, nanoseconds first_dead)
{
    std::map<std::uint32_t, nanoseconds> longest;
    for (const auto& each : seen)
        if (is_alive(each) && each.idle_age < first_dead) {
            auto& here = longest[each.connection_id];
            here = std::max(here, each.idle_age - each.idle_age_error);
        }
    std::vector<nanoseconds> lived;
    lived.reserve(longest.size());
    for (const auto& entry : longest)
        lived.push_back(entry.second);
    std::ranges::sort(lived, std::ranges::greater{});
    const auto needed =
        share > 0 && share < 1
            ? static_cast<std::size_t>(std::ceil(std::log(low_chance) / std::log(1 - share)))
            : 1;
    return needed <= lived.size() ? lived[needed - 1] : nanoseconds{};
}

// Which connections have the shorter timeout, as far as their lives tell.
struct census {
    std::map<std::uint32_t, life> shorter;
    std::map<std::uint32_t, life> longer;

    double share() const
    {
        return static_cast<double>(shorter.size()) /
               static_cast<double>(std::max<std::size_t>(shorter.size() + longer.size(), 1));
    }
};

census census_of(std::span<const observation> seen, const zone& where)
{
    census found;
    for (const auto& [id, here] : lives_of(seen)) {
        if (here.died && here.repeated_until < where.last_alive && here.survived < *here.died)
            found.shorter.emplace(id, here);
        else if (here.survived >= where.first_dead)
            found.longer.emplace(id, here);
    }
    return found;
}

std::vector<observation> lived_by(const std::map<std::uint32_t, life>& those,
                                  std::span<const observation> seen)
{
    std::vector<observation> found;
    std::ranges::copy_if(seen, std::back_inserter(found), [&](const observation& each) {
        return those.contains(each.connection_id);
    });
    return found;
}

std::vector<part> parts_of(std::span<const observation> seen, const zone& where, const census& of,
                           double packet_loss)
{
    const auto of_shorter = lived_by(of.shorter, seen);
    nanoseconds all_dead{};  // by then all of them were
    for (const auto& entry : of.shorter)
        all_dead = std::max(all_dead, *entry.second.died);
    const auto share = of.share();
    const auto first = bracket(of_shorter, packet_loss);
    // Only those that are known to have the longer one tell when it ends.
    const auto last = bracket(lived_by(of.longer, seen), packet_loss);
    return {{.low = std::max(first.survived, surely_below(seen, share, where.first_dead)),
             .high = first.expired.value_or(all_dead),
             .confidence = std::min(first.confidence, 1 - low_chance),
             .share = share},
            {.low = last.survived,
             .high = last.expired,
             .confidence = std::min(last.confidence, 1 - low_chance),
             .share = 1 - share}};
}

// The rule by which source ports have the shorter timeout, if one explains all.
std::string port_rule(const census& of)
{
    if (of.shorter.size() < ports_needed || of.longer.size() < ports_needed)
        return {};
    for (int classes = 2; classes <= port_classes_max; ++classes) {
        const auto rest = of.shorter.begin()->second.port % classes;
        const auto in_class = [&](const auto& entry) {
            return entry.second.port % classes == rest;
        };
        if (!std::ranges::all_of(of.shorter, in_class) ||
            !std::ranges::none_of(of.longer, in_class))
            continue;
        return classes == 2
                   ? fmt::format("{} source ports", rest == 0 ? "even" : "odd")
                   : fmt::format("source ports that leave {} when divided by {}", rest, classes);
    }
    return {};
}

}  // namespace

explanation explain(std::span<const observation> seen, double packet_loss)
{
    const auto where = zone_of(seen);
    const auto evidence = for_mixture(seen, where);
    const auto of = census_of(seen, where);
    explanation why;
    why.low = std::min(where.first_dead, where.last_alive);
    auto parts = parts_of(seen, where, of, packet_loss);
    if (evidence < -decided_above) {
        why.kind = nature::spread;
    } else if (evidence > decided_above && !of.shorter.empty() && !of.longer.empty() &&
               parts.front().low > nanoseconds{}) {
        why.kind = nature::mixture;
        why.parts = std::move(parts);
        why.by_port = port_rule(of);
    } else {
        // It may be a mixture, of which the first to die need not be the first to expire.
        why.low = std::min(why.low, surely_below(seen, of.share(), where.first_dead));
    }
    return why;
}

}  // namespace deadair::estimate
