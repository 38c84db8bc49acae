#include "analysis/estimate/unseen_tick.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace deadair::estimate {

namespace {

// Of the middleboxes that seem sharp at one moment so many tick.
constexpr double ticking_share = 0.05;
// And so many of those at a period that people set.
constexpr double round_share = 0.5;
constexpr std::array<double, 14> round_periods_s{1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45, 60};
constexpr int other_periods = 700;
// A tick shorter than both together is within what settings leave as a margin.
constexpr double period_min_s = 1;
constexpr double period_min_share = 0.01;
// Nobody is known to look more rarely (Linux: 60 s, GC_SCAN_INTERVAL_MAX of nf_conntrack).
constexpr double period_max_s = 120;
// An end is seen no more exactly than a scheduler wakes a process.
constexpr double moment_error_s = 0.002;
constexpr double chance_max = 0.01;

/// A silence that ended at a moment, as `alive` or dead at that age.
struct sight {
    double at_s{};
    double age_s{};  ///< give or take already reckoned with
    bool alive{};
};

/// So likely is it that the timeout is `from_s` or a little more.
struct belief {
    double from_s{};
    double weight{};
};

struct edges {
    double from_s{};  ///< what lived then is above
    double to_s{};
};

std::vector<sight> sights_of(std::span<const observation> seen, double survived_s)
{
    std::vector<sight> all;
    for (const auto& each : seen) {
        const double age = to_seconds(each.idle_age);
        const double error = to_seconds(each.idle_age_error);
        if (!each.sent_at)
            continue;
        // It had lived until it ended by itself.
        if (each.unprompted && is_dead(each)) {
            const double give = std::max(error, moment_error_s);
            all.push_back({to_seconds(*each.sent_at) - give, age - give, true});
        }
        if (is_alive(each))
            all.push_back({to_seconds(*each.sent_at), age - error, true});
        // What died below is packet loss, else it would be no sharp timeout.
        else if (is_dead(each) && age + error > survived_s)
            all.push_back({to_seconds(*each.sent_at), age + error, false});
    }
    std::ranges::sort(all, std::ranges::greater{}, &sight::age_s);
    return all;
}

/// All phases of one period. Counted to the last tick, what lived and what died must not overlap.
class phases {
public:
    /// @param seen  the oldest first
    phases(std::span<const sight> seen, double period_s, double survived_s) : period_s_{period_s}
    {
        for (const auto& each : seen) {
            // Younger than a period below what survived: it would live at any phase.
            if (each.age_s < survived_s - period_s)
                break;
            const double in_period = std::fmod(each.at_s, period_s);
            all_.push_back({in_period, each.age_s - in_period, each.alive});
        }
        std::ranges::sort(all_, {}, &sight::at_s);
        within_.resize(all_.size() + 1, {-infinite, infinite});
        for (auto i = all_.size(); i > 0; --i)
            within_[i - 1] = narrowed(within_[i], all_[i - 1], 0);
    }

    /// Adds what each phase leaves of the timeout, by the share of the phases.
    void add_to(std::vector<belief>& all, double weight) const
    {
        edges before{-infinite, infinite};
        double phase = 0;
        for (std::size_t i = 0; i <= all_.size(); ++i) {
            const double until = i < all_.size() ? all_[i].at_s : period_s_;
            const auto& after = within_[i];
            const double from = std::max(before.from_s, after.from_s) + phase;
            const double to = std::min(before.to_s, after.to_s) + phase;
            if (to > from && until > phase)
                all.push_back({from, weight * (to - from) * (until - phase) / period_s_});
            if (i < all_.size())
                before = narrowed(before, all_[i], period_s_);
            phase = until;
        }
    }

private:
    static constexpr double infinite = 1e18;

    static edges narrowed(edges of, const sight& by, double less)
    {
        if (by.alive)
            of.from_s = std::max(of.from_s, by.age_s - less);
        else
            of.to_s = std::min(of.to_s, by.age_s - less);
        return of;
    }

    double period_s_;
    std::vector<sight> all_;     // by their place in the period; ages less that place
    std::vector<edges> within_;  // by what lies at that place and after
};

// Each period in that range with how likely it is; all that there are would make 1.
std::vector<std::pair<double, double>> periods_within(double shortest_s, double longest_s)
{
    std::vector<std::pair<double, double>> all;
    for (const double each : round_periods_s)
        if (each >= shortest_s && each <= longest_s)
            all.emplace_back(each, round_share / round_periods_s.size());
    const double others = (1 - round_share) * std::log(longest_s / shortest_s) /
                          std::log(period_max_s / period_min_s);
    for (int i = 0; i < other_periods; ++i)
        all.emplace_back(shortest_s * std::pow(longest_s / shortest_s, (i + 0.5) / other_periods),
                         others / other_periods);
    return all;
}

// The value below which only so much of all that is believed lies.
double quantile(std::vector<belief> all, double share)
{
    std::ranges::sort(all, {}, &belief::from_s);
    double whole = 0;
    for (const auto& each : all)
        whole += each.weight;
    double sum = 0;
    for (const auto& each : all) {
        sum += each.weight;
        if (sum > share * whole)
            return each.from_s;
    }
    return all.back().from_s;
}

}  // namespace

nanoseconds low_if_it_ticks(std::span<const observation> seen, const interval& around)
{
    const double survived = to_seconds(around.survived);
    const double shortest = period_min_s + period_min_share * survived;
    const auto all = sights_of(seen, survived);
    const double longest = std::min(survived, period_max_s);
    if (all.empty() || longest <= shortest)
        return around.survived;
    double first_dead = to_seconds(*around.expired);
    for (const auto& each : all)
        if (!each.alive)
            first_dead = std::min(first_dead, each.age_s);
    std::vector<belief> beliefs{{survived, (1 - ticking_share) * (first_dead - survived)}};
    for (const auto& [period, weight] : periods_within(shortest, longest))
        phases{all, period, survived}.add_to(beliefs, ticking_share * weight);
    const double low = std::min(survived, quantile(std::move(beliefs), chance_max));
    return from_seconds(std::max(low, 0.0));
}

}  // namespace deadair::estimate
