#include "analysis/estimate/interval.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "analysis/words/told.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// Chance of believing in an expiry that was packet loss.
constexpr double chance_max = 1e-3;
// Nobody's loss is taken for less than 1 %: a handful of probes cannot show it.
constexpr double loss_min = 0.01;
constexpr std::uint32_t retransmissions_max = 8;
// So many connections have to end by themselves.
constexpr std::size_t exact_min = 3;
// No more is stated: of a thousand runs that were simulated, one was wrong.
constexpr double confidence_max = 0.999;

// One packet that got no answer, at the idle age at which it was sent.
struct unit {
    nanoseconds age{};
    std::uint32_t connection{};
    bool told{};
};

std::vector<unit> units_above(std::span<const observation> seen, nanoseconds survived)
{
    std::vector<unit> units;
    for (const auto& each : seen) {
        const auto age = each.idle_age + each.idle_age_error;
        if (!is_dead(each) || age <= survived)
            continue;
        const auto packets = std::clamp(each.unanswered, 1U, retransmissions_max);
        for (std::uint32_t packet = 0; packet < packets; ++packet)
            units.push_back({age + retransmitted_after(packet), each.connection_id, is_told(each)});
    }
    std::ranges::sort(units, {}, &unit::age);
    return units;
}

// What was told a little before an age that another connection survived is the same timeout, and
// begins there.
nanoseconds before_told(std::span<const observation> seen, nanoseconds survived)
{
    auto first = survived;
    for (const auto& each : seen)
        if (is_dead(each) && is_told(each) && each.idle_age > survived - told_slack(survived))
            first = std::min(first, each.idle_age - each.idle_age_error);
    return first;
}

// Ends that came by themselves at a known age tell the timeout itself, where several agree.
std::optional<interval> of_exact_ends(std::span<const observation> seen, nanoseconds survived)
{
    auto first = nanoseconds::max();
    nanoseconds last{};
    std::set<std::uint32_t> connections;
    for (const auto& each : seen) {
        const auto slack = told_slack(survived);
        if (!each.unprompted || !is_dead(each) || each.idle_age < survived - slack)
            continue;
        const auto give = std::max<nanoseconds>(each.idle_age_error, moment_error);
        first = std::min(first, each.idle_age - give);
        last = std::max(last, each.idle_age + give);
        connections.insert(each.connection_id);
    }
    if (connections.size() < exact_min || last - first > told_slack(last))
        return std::nullopt;
    return interval{first, last, confidence_max, false};
}

}  // namespace

interval bracket(std::span<const observation> seen, double packet_loss)
{
    interval found;
    for (const auto& each : seen)
        if (is_alive(each))
            found.survived = std::max(found.survived, each.idle_age - each.idle_age_error);

    if (const auto exact = of_exact_ends(seen, found.survived))
        return *exact;
    found.survived = before_told(seen, found.survived);
    const auto units = units_above(seen, found.survived);
    const double loss = std::clamp(packet_loss, loss_min, 0.5);
    double chance = 1;
    std::set<std::uint32_t> connections;
    for (const auto& each : units) {
        connections.insert(each.connection);
        chance *= each.told ? chance_max : loss;
        if (chance <= chance_max && (each.told || connections.size() >= 2)) {
            found.expired = each.age;
            found.confidence = std::min(1 - chance, confidence_max);
            return found;
        }
    }
    found.thin = !units.empty();
    return found;
}

}  // namespace deadair::estimate
