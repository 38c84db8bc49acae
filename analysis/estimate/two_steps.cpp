#include "analysis/estimate/two_steps.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "analysis/estimate/log_product.hpp"

namespace deadair::estimate {

namespace {

constexpr std::size_t candidates_max = 80;
constexpr int shares = 25;
constexpr double share_min = 0.005;
// No life is taken for less likely than this: a product of a few still is a number.
constexpr double log_least = -300;
// An end by itself is this exact at best.
constexpr double told_early = 0.01;

using lives = std::map<std::uint32_t, std::vector<silence>>;

double log_of(const silence& seen, double expiry_s, double packet_loss)
{
    if (seen.lived())
        return seen.alive_until_s <= expiry_s ? 0 : log_impossible;
    if (seen.dead_by_s <= expiry_s)
        return log_premature(seen, expiry_s, packet_loss);
    const bool at_once = seen.alive_until_s <= expiry_s * (1 + told_early) + 0.15;
    return !seen.died_at() || at_once ? 0 : log_impossible;
}

double log_of(const std::vector<silence>& life, double expiry_s, double packet_loss)
{
    double sum = 0;
    for (const auto& each : life)
        sum += log_of(each, expiry_s, packet_loss);
    return sum;
}

// Two timeouts are not set so near to each other: that is one, told a little late.
constexpr double apart = 0.97;

// Ages just above which the shorter one may lie: those that somebody survived, and 0.
std::vector<double> candidates_of(std::span<const silence> seen, double below_s)
{
    std::vector<double> all{0};
    for (const auto& each : seen)
        if (each.alive_until_s > 0 && each.alive_until_s < below_s)
            all.push_back(each.alive_until_s);
    std::ranges::sort(all);
    std::vector<double> few;
    const auto step = all.size() / candidates_max + 1;
    for (std::size_t i = 0; i < all.size(); i += step)
        few.push_back(all[i]);
    if (few.back() != all.back())
        few.push_back(all.back());
    return few;
}

struct share_fit {
    double log_likelihood{-never};
    double share{};
};

// @param if_shorter  how likely each connection's life is if it has the shorter one
share_fit best_share(const std::vector<double>& if_shorter, const std::vector<double>& if_longer)
{
    share_fit best;
    for (int i = 0; i <= shares; ++i) {
        const double share = share_min + (1 - 2 * share_min) * i * i / (shares * shares);
        log_product all;
        for (std::size_t k = 0; k < if_shorter.size(); ++k)
            all.times(share * if_shorter[k] + (1 - share) * if_longer[k]);
        if (all.value() > best.log_likelihood)
            best = {all.value(), share};
    }
    return best;
}

}  // namespace

two_steps_fit fit_two_steps(std::span<const silence> seen, double packet_loss)
{
    two_steps_fit best;
    best.longer_s = fit_sharp(seen, packet_loss).survived_s;
    lives all;
    for (const auto& each : seen)
        all[each.connection].push_back(each);
    const auto likely = [&](double expiry_s) {
        std::vector<double> found;
        for (const auto& [connection, life] : all)
            found.push_back(std::exp(std::max(log_of(life, expiry_s, packet_loss), log_least)));
        return found;
    };
    const auto if_longer = likely(best.longer_s);
    std::vector<std::pair<double, share_fit>> tried;
    for (const double shorter : candidates_of(seen, apart * best.longer_s)) {
        tried.emplace_back(shorter, best_share(likely(shorter), if_longer));
        if (tried.back().second.log_likelihood > best.log_likelihood) {
            best.log_likelihood = tried.back().second.log_likelihood;
            best.share = tried.back().second.share;
            best.shorter_s = shorter;
        }
    }
    // The shorter one is above a candidate, and may be below the next that was tried.
    best.low_s = 0;
    for (const auto& [shorter, fit] : tried) {
        if (fit.log_likelihood >= best.log_likelihood + log_one_in_hundred)
            break;
        best.low_s = shorter;
    }
    return best;
}

}  // namespace deadair::estimate
