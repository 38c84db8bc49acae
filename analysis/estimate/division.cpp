// Two timeouts, and something that tells when which holds: the time, the number of connections, or
// how much had passed on the connection before.
#include <algorithm>
#include <functional>
#include <map>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/reading.hpp"

namespace deadair::estimate {

namespace {

constexpr double cost_of_change = 6;
// Who is longer from a moment on may have lost its state at that moment instead.
constexpr double cost_of_growth = 5;
// Whatever changes in a run goes with the number of connections, and with what they said.
constexpr double cost_of_others = 10;
constexpr std::size_t thresholds_max = 600;
// So many have to be odd without it.
constexpr std::size_t odd_min = 4;

/// What divides, for each observation.
using divider = std::vector<double>;

struct division {
    double threshold{};
    double score{-never};
};

struct halves {
    std::vector<observation> below;
    std::vector<observation> above;
};

halves divide(std::span<const observation> seen, const divider& by, double threshold)
{
    halves both;
    for (std::size_t i = 0; i < seen.size(); ++i)
        (by[i] < threshold ? both.below : both.above).push_back(seen[i]);
    return both;
}

std::size_t dead_in(std::span<const observation> seen)
{
    return static_cast<std::size_t>(std::ranges::count_if(seen, is_dead));
}

std::vector<double> thresholds_of(divider by)
{
    std::ranges::sort(by);
    by.erase(std::unique(by.begin(), by.end()), by.end());
    std::vector<double> few;
    const auto step = by.size() / thresholds_max + 1;
    for (std::size_t i = 1; i < by.size(); i += step)
        few.push_back((by[i - 1] + by[i]) / 2);
    return few;
}

division best_division(std::span<const observation> seen, const divider& by, double packet_loss)
{
    division best;
    for (const double threshold : thresholds_of(by)) {
        const auto both = divide(seen, by, threshold);
        const double score =
            sharp_score_of(both.below, packet_loss) + sharp_score_of(both.above, packet_loss);
        if (score > best.score)
            best = {threshold, score};
    }
    return best;
}

nanoseconds survived_by(std::span<const observation> seen, double packet_loss)
{
    return from_seconds(fit_sharp(silences_of(seen), packet_loss).survived_s);
}

// The half in which silences end first is what settings have to reckon with.
reading shorter_half(explanation why, std::span<const observation> seen, const divider& by,
                     const division& at, double packet_loss)
{
    reading found{.why = why,
                  .seen = {seen.begin(), seen.end()},
                  .cost = why == explanation::policy_change ? cost_of_change : cost_of_others};
    const auto both = divide(seen, by, at.threshold);
    const auto below = survived_by(both.below, packet_loss);
    const auto above = survived_by(both.above, packet_loss);
    const bool first_below = dead_in(both.above) == 0 || (dead_in(both.below) > 0 && below < above);
    if (why == explanation::policy_change && first_below)
        found.cost += cost_of_growth;
    for (std::size_t i = 0; i < seen.size(); ++i)
        if ((by[i] < at.threshold) != first_below)
            found.seen[i].result = outcome::voided;
    return found;
}

// Whatever the rest of the account costs, the division has to pay for what it leaves out too.
std::optional<reading> divided(explanation why, const account& plain, const divider& by,
                               const surroundings& beside)
{
    if (odd_of(plain.pools).size() < odd_min)
        return std::nullopt;
    const auto at = best_division(plain.by.seen, by, beside.packet_loss);
    if (at.score == -never)
        return std::nullopt;
    auto found = shorter_half(why, plain.by.seen, by, at, beside.packet_loss);
    std::vector<observation> other;
    for (std::size_t i = 0; i < found.seen.size(); ++i)
        if (found.seen[i].result == outcome::voided)
            other.push_back(plain.by.seen[i]);
    found.cost -= sharp_score_of(other, beside.packet_loss);
    if (why == explanation::policy_change)
        found.moment = from_seconds(at.threshold);
    if (why == explanation::load)
        found.crowd = static_cast<std::uint32_t>(at.threshold);
    return found;
}

divider values_of(std::span<const observation> seen,
                  const std::function<double(const observation&)>& value)
{
    divider all;
    for (const auto& each : seen)
        all.push_back(value(each));
    return all;
}

bool all_timed(std::span<const observation> seen)
{
    return std::ranges::all_of(seen,
                               [](const observation& each) { return each.sent_at.has_value(); });
}

struct life {
    nanoseconds from{nanoseconds::max()};
    nanoseconds to{};
};

}  // namespace

std::optional<reading> by_change(const account& plain, const surroundings& beside)
{
    if (!all_timed(plain.by.seen))
        return std::nullopt;
    return divided(
        explanation::policy_change, plain,
        values_of(plain.by.seen, [](const observation& each) { return to_seconds(*each.sent_at); }),
        beside);
}

std::optional<reading> by_load(const account& plain, const surroundings& beside)
{
    if (!all_timed(beside.all))
        return std::nullopt;
    std::map<std::uint32_t, life> lives;
    for (const auto& each : beside.all) {
        auto& here = lives[each.connection_id];
        here.from = std::min(here.from, *each.sent_at - each.connection_age);
        here.to = std::max(here.to, *each.sent_at);
    }
    const auto open_at = [&](const observation& seen) {
        return static_cast<double>(std::ranges::count_if(lives, [&](const auto& each) {
            return each.second.from <= *seen.sent_at && *seen.sent_at <= each.second.to;
        }));
    };
    return divided(explanation::load, plain, values_of(plain.by.seen, open_at), beside);
}

std::optional<reading> by_promotion(const account& plain, const surroundings& beside)
{
    std::map<std::uint32_t, std::vector<nanoseconds>> spoke;
    for (const auto& each : beside.all)
        if (is_alive(each))
            spoke[each.connection_id].push_back(each.connection_age);
    const auto before = [&](const observation& seen) {
        return static_cast<double>(std::ranges::count_if(
            spoke[seen.connection_id], [&](nanoseconds age) { return age < seen.connection_age; }));
    };
    return divided(explanation::promotion, plain, values_of(plain.by.seen, before), beside);
}

}  // namespace deadair::estimate
