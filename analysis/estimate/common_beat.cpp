// Who closes by a timer of its own is late by what its work takes, and a tick of a second may hide
// in that. The ages then differ, but the moments have a beat.
#include "analysis/estimate/common_beat.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/estimate/interval.hpp"
#include "analysis/words/told.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// What ends so shortly after another ends with it.
constexpr nanoseconds together = 100ms;
// With fewer moments any two or three make a beat.
constexpr std::size_t moments_min = 4;
constexpr double longest_s = 60;

struct ends {
    std::vector<double> moments_s;  ///< of each that did not end together with one before
    std::vector<double> begins_s;   ///< of their silences
    double youngest_s{};
    double oldest_s{};
};

ends ends_of(std::span<const observation> seen)
{
    std::vector<const observation*> all;
    for (const auto& each : seen)
        if (each.unprompted && is_dead(each) && each.sent_at)
            all.push_back(&each);
    std::ranges::sort(all, {}, [](const observation* each) { return *each->sent_at; });
    ends found;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const double age = to_seconds(all[i]->idle_age);
        found.youngest_s = i == 0 ? age : std::min(found.youngest_s, age);
        found.oldest_s = std::max(found.oldest_s, age);
        if (i == 0 || *all[i]->sent_at - *all[i - 1]->sent_at > together) {
            found.moments_s.push_back(to_seconds(*all[i]->sent_at));
            found.begins_s.push_back(found.moments_s.back() - age);
        }
    }
    return found;
}

// The part of the period in which all of them lie.
double share_of(double period_s, std::span<const double> moments_s)
{
    double before = 0;
    double after = 0;
    for (const double each : moments_s) {
        const double apart = std::remainder(each - moments_s.front(), period_s);
        before = std::min(before, apart);
        after = std::max(after, apart);
    }
    return std::min((after - before + 2 * to_seconds(moment_error)) / period_s, 1.0);
}

}  // namespace

double log_of_common_beat(std::span<const observation> seen)
{
    const auto of = ends_of(seen);
    const double width = of.oldest_s - of.youngest_s;
    if (of.moments_s.size() < moments_min || width < to_seconds(told_slack(0ns)))
        return 0;
    double best = 0;
    const double last = std::min(std::ceil(width * 2), longest_s);
    // What was opened on a beat ends on it.
    for (double period = 1; period <= last; ++period)
        best = std::min(best,
                        std::log(share_of(period, of.moments_s) / share_of(period, of.begins_s)));
    const double free = std::log(last);  // so many periods were looked at
    return std::min(best * static_cast<double>(of.moments_s.size() - 1) + free, 0.0);
}

}  // namespace deadair::estimate
