#include "analysis/estimate/shape.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "analysis/estimate/continuum.hpp"
#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// What an explanation's freedom costs, as a logarithm.
constexpr double cost_of_zone = 3;
constexpr double cost_of_two_steps = 4;
constexpr double cost_of_random = 1;
// Short of this nothing beside one sharp timeout is worth a look.
constexpr double sharp_enough = -3;
// One connection may have a reason of its own.
constexpr std::size_t odd_min = 2;
// One that ended earlier than this share of what others survived is no sign of a zone.
constexpr double near_expiry = 0.8;
constexpr int rates = 40;

shape of_zone(explanation why, std::span<const silence> seen)
{
    const auto fit = fit_continuum(seen);
    return {why, fit.log_likelihood - cost_of_zone, fit.low_s, fit.high_s, 0};
}

shape of_two_steps(std::span<const silence> seen, double packet_loss)
{
    const auto fit = fit_two_steps(seen, packet_loss);
    return {explanation::mixture, fit.log_likelihood - cost_of_two_steps, fit.low_s, fit.longer_s,
            0};
}

double log_random(std::span<const silence> seen, double per_second)
{
    double sum = 0;
    for (const auto& exact : seen) {
        const auto each = with_slack(exact);
        const double before = std::exp(-per_second * std::max(each.alive_until_s, 0.0));
        const double after = each.lived() ? 0 : std::exp(-per_second * each.dead_by_s);
        sum += std::max(std::log(std::max(before - after, 1e-9)), log_impossible);
    }
    return sum;
}

// Ended at any moment alike, however long it was silent.
shape of_random(std::span<const silence> seen)
{
    double longest = 0;
    for (const auto& each : seen)
        longest = std::max(longest, each.lived() ? each.alive_until_s : each.dead_by_s);
    shape best{.why = explanation::random, .score = -never, .high_s = longest};
    for (int i = 0; i < rates; ++i) {
        const double mean = longest / 10 * std::pow(1000, static_cast<double>(i) / rates);
        const double score = log_random(seen, 1 / mean) - cost_of_random;
        if (score > best.score) {
            best.score = score;
            best.mean_s = mean;
        }
    }
    return best;
}

double first_dead(std::span<const silence> seen)
{
    double first = never;
    for (const auto& each : seen)
        first = std::min(first, each.dead_by_s);
    return first;
}

std::size_t connections_of(std::span<const silence> seen, const std::vector<std::size_t>& which)
{
    std::set<std::uint32_t> all;
    for (const auto each : which)
        all.insert(seen[each].connection);
    return all.size();
}

// An end that came by itself is observed in both directions, and is one end.
std::vector<silence> ends_once(std::span<const silence> seen)
{
    std::set<std::pair<std::uint32_t, double>> ends;
    std::vector<silence> all;
    for (const auto& each : seen)
        if (!each.died_at() || ends.emplace(each.connection, each.dead_by_s).second)
            all.push_back(each);
    return all;
}

std::vector<shape> candidates_of(std::span<const silence> seen, const sharp_fit& sharp,
                                 double packet_loss)
{
    std::vector<shape> all{
        {explanation::sharp, sharp.log_likelihood, sharp.survived_s, sharp.survived_s, 0}};
    const bool several = connections_of(seen, sharp.odd) >= odd_min;
    if (sharp.log_likelihood > sharp_enough ||
        (!several && first_dead(seen) < near_expiry * sharp.survived_s))
        return all;
    const auto once = ends_once(seen);
    all.push_back(of_zone(explanation::each_silence, once));
    all.push_back(of_zone(explanation::each_connection, by_connection(seen)));
    all.push_back(of_random(once));
    if (several)
        all.push_back(of_two_steps(seen, packet_loss));
    return all;
}

// Two steps imitate a continuum that few were asked about: they have to be so much better.
constexpr double two_steps_better = 8;

shape best_of(std::span<const shape> all)
{
    const auto worth = [](const shape& each) {
        return each.score - (each.why == explanation::mixture ? two_steps_better : 0);
    };
    return *std::ranges::max_element(all, {}, worth);
}

}  // namespace

shapes shapes_of(std::span<const silence> seen, double packet_loss)
{
    const auto sharp = fit_sharp(seen, packet_loss);
    const auto all = candidates_of(seen, sharp, packet_loss);
    shapes found{best_of(all), never, true, sharp.odd};
    for (const auto& each : all) {
        if (each.score < found.best.score - decided_above)
            continue;
        found.low_s = std::min(found.low_s, each.low_s);
        found.settled = found.settled && each.why == found.best.why;
    }
    return found;
}

zone zone_of(std::span<const observation> seen)
{
    zone found{.first_dead = nanoseconds::max(), .last_alive = {}};
    for (const auto& each : seen) {
        if (is_dead(each))
            found.first_dead = std::min(found.first_dead, each.idle_age - each.idle_age_error);
        if (is_alive(each))
            found.last_alive = std::max(found.last_alive, each.idle_age + each.idle_age_error);
    }
    return found;
}

}  // namespace deadair::estimate
