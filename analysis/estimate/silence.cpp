#include "analysis/estimate/silence.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/estimate/interval.hpp"
#include "analysis/words/told.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// Nobody's loss is taken for less than 1 %: a handful of probes cannot show it.
constexpr double loss_min = 0.01;
// Losing so much by chance is not worth a thought: 1 in 1000.
constexpr double log_odd = -6.9;
constexpr std::size_t expiries_max = 100;

silence silence_of(const observation& seen)
{
    const double age = to_seconds(seen.idle_age);
    const double error = to_seconds(seen.idle_age_error);
    silence one{.connection = seen.connection_id};
    if (is_alive(seen)) {
        one.alive_until_s = age - error;
        return one;
    }
    one.packets = is_told(seen) ? 0 : std::max(seen.unanswered, 1U);
    one.dead_by_s = age + error;
    if (seen.unprompted) {
        const double give = to_seconds(std::max(seen.idle_age_error, moment_error));
        one.alive_until_s = std::max(age - give, 0.0);
        one.dead_by_s = age + give;
    }
    return one;
}

double slack_of(double expiry_s)
{
    return to_seconds(told_slack(from_seconds(expiry_s)));
}

double log_sharp(const silence& of, double expiry_s, double packet_loss)
{
    if (of.lived())
        return of.alive_until_s <= expiry_s ? 0 : log_impossible;
    if (of.dead_by_s < expiry_s)
        return log_premature(of, expiry_s, packet_loss);
    // It ended by itself at that age, and had lived until then.
    return of.alive_until_s <= expiry_s + slack_of(expiry_s) ? 0 : log_impossible;
}

double log_sharp(std::span<const silence> seen, double expiry_s, double packet_loss)
{
    double sum = 0;
    for (const auto& each : seen)
        sum += log_sharp(each, expiry_s, packet_loss);
    return sum;
}

// A delivery above the expiry is impossible, so it is just above all of them, or where one ended
// by itself.
std::vector<double> expiries_of(std::span<const silence> seen)
{
    double survived = 0;
    std::vector<double> all;
    for (const auto& each : seen)
        survived = std::max(survived, each.lived() ? each.alive_until_s : 0);
    for (const auto& each : seen)
        if (each.died_at() && each.dead_by_s > survived && all.size() < expiries_max)
            all.push_back(each.dead_by_s);
    all.push_back(survived);
    return all;
}

}  // namespace

std::vector<silence> silences_of(std::span<const observation> seen)
{
    std::vector<silence> all;
    for (const auto& each : seen)
        if (is_alive(each) || is_dead(each))
            all.push_back(silence_of(each));
    return all;
}

silence with_slack(silence of)
{
    // What survived more than it died of contradicts itself, and goes on to.
    if (of.died_at() && of.packets == 0 && of.alive_until_s < of.dead_by_s)
        of.alive_until_s =
            std::max(std::min(of.alive_until_s, of.dead_by_s - slack_of(of.dead_by_s)), 0.0);
    return of;
}

double log_premature(const silence& of, double expiry_s, double packet_loss)
{
    const double before = expiry_s - of.dead_by_s;
    if (of.packets == 0)
        return before < slack_of(expiry_s) ? 0 : log_stray;
    const double each = std::log(std::clamp(packet_loss, loss_min, 0.5));
    double sum = 0;
    for (std::uint32_t packet = 0;
         packet < std::min(of.packets, 8U) && to_seconds(retransmitted_after(packet)) < before;
         ++packet)
        sum += each;
    return std::max(sum, log_stray);
}

sharp_fit fit_sharp(std::span<const silence> seen, double packet_loss)
{
    sharp_fit best{.log_likelihood = -never, .survived_s = 0, .odd = {}};
    for (const double expiry : expiries_of(seen)) {
        const double likely = log_sharp(seen, expiry, packet_loss);
        if (likely > best.log_likelihood)
            best = {likely, expiry, {}};
    }
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (!seen[i].lived() && log_sharp(seen[i], best.survived_s, packet_loss) < log_odd)
            best.odd.push_back(i);
    return best;
}

}  // namespace deadair::estimate
