// Ends that share a moment, at very different idle ages: state was lost.
#include <algorithm>
#include <set>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/reading.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

constexpr double cost_of_moment = 5;
constexpr std::size_t moments_max = 8;
// So many connections have to be lost at one moment.
constexpr std::size_t lost_min = 8;
// And such a share of all that is odd; else chance picks moments.
constexpr double explained_min = 0.5;
// Of those lost such a share has to have been silent for less than this share of what others
// survived.
constexpr double young_share = 0.25;
constexpr double young_below = 0.6;
// With fewer of them a tick may have taken them too, and so may chance.
constexpr double few_young_share = 0.05;
constexpr double cost_of_few_young = 4;
// A spread so wide that one in so many dies so young is not known.
constexpr std::size_t few = 10;
// Where none dies so young later, so many that were opened then and live show it.
constexpr std::size_t new_and_lived_min = 8;
// What ends by itself at one moment is seen to within this.
constexpr nanoseconds at_once = 200ms;

nanoseconds began(const observation& seen)
{
    return *seen.sent_at - seen.idle_age;
}

bool spans(const observation& seen, nanoseconds moment)
{
    // What ended by itself ended then, and at no other moment.
    if (seen.unprompted && is_dead(seen) && seen.sent_at)
        return std::chrono::abs(*seen.sent_at - moment) < at_once;
    return seen.sent_at && began(seen) < moment && moment < *seen.sent_at;
}

/// A moment, and the opening before which it spared connections.
struct loss {
    nanoseconds at{};
    nanoseconds opened_after{nanoseconds::min()};
    double gain{};
    double cost{};
    std::size_t connections{};
};

bool hit_by(const observation& seen, const loss& what)
{
    return spans(seen, what.at) && *seen.sent_at - seen.connection_age > what.opened_after;
}

std::vector<observation> lost_at(const loss& what, std::span<const observation> odd)
{
    std::vector<observation> lost;
    std::ranges::copy_if(odd, std::back_inserter(lost),
                         [&](const observation& each) { return hit_by(each, what); });
    return lost;
}

nanoseconds survived_by(std::span<const observation> seen)
{
    nanoseconds survived{};
    for (const auto& each : seen)
        if (is_alive(each))
            survived = std::max(survived, each.idle_age);
    return survived;
}

// Which share of those lost had hardly been silent then. A tick takes none of them.
double share_of_young(const loss& what, std::span<const observation> seen,
                      std::span<const observation> lost)
{
    const double young = young_below * to_seconds(survived_by(seen));
    const auto count = std::ranges::count_if(
        lost, [&](const observation& each) { return to_seconds(what.at - began(each)) < young; });
    return static_cast<double>(count) / static_cast<double>(lost.size());
}

// Nor does what is spread die so young, or live so much longer later.
bool is_no_spread(const loss& what, std::span<const observation> seen, std::span<observation> lost)
{
    const double young = young_below * to_seconds(survived_by(seen));
    std::ranges::sort(lost, {}, &observation::idle_age);
    if (to_seconds(lost[lost.size() / few].idle_age) < young)
        return true;
    const auto middle = lost[lost.size() / 2].idle_age;
    std::set<std::uint32_t> lived_later;
    std::set<std::uint32_t> new_and_lived;
    std::size_t died_later = 0;
    for (const auto& each : seen) {
        if (!each.sent_at || began(each) <= what.at)
            continue;
        if (is_alive(each) && each.idle_age > middle) {
            lived_later.insert(each.connection_id);
            if (*each.sent_at - each.connection_age > what.at)
                new_and_lived.insert(each.connection_id);
        }
        died_later += is_dead(each) && each.idle_age <= lost.back().idle_age ? 1 : 0;
    }
    return lived_later.size() * 2 >= lost.size() ||
           (new_and_lived.size() >= new_and_lived_min && died_later == 0);
}

// What it explains, less what contradicts it: a silence that lasted through it.
void weigh(loss& what, std::span<const observation> seen, std::span<const observation> odd)
{
    std::set<std::uint32_t> lost;
    for (const auto& each : odd)
        if (hit_by(each, what))
            lost.insert(each.connection_id);
    what.connections = lost.size();
    what.gain = static_cast<double>(lost.size()) * -log_stray;
    for (const auto& each : seen)
        if (is_alive(each) && hit_by(each, what))
            what.gain += log_impossible;
}

// The opening before which connections were spared, if some were.
nanoseconds last_spared(std::span<const observation> seen, nanoseconds moment)
{
    auto last = nanoseconds::min();
    for (const auto& each : seen)
        if (is_alive(each) && spans(each, moment))
            last = std::max(last, *each.sent_at - each.connection_age);
    return last;
}

loss worst_of(std::span<const observation> seen, std::span<const observation> odd)
{
    loss worst;
    for (const auto& each : odd) {
        if (!each.sent_at)
            continue;
        const auto just_after =
            each.unprompted ? *each.sent_at : began(each) + each.idle_age_error + 1ms;
        for (const auto after : {nanoseconds::min(), last_spared(seen, just_after)}) {
            loss one{.at = just_after, .opened_after = after};
            weigh(one, seen, odd);
            if (one.connections < lost_min || one.gain <= worst.gain)
                continue;
            auto lost = lost_at(one, odd);
            const double young = share_of_young(one, seen, lost);
            one.cost = cost_of_moment + (young < young_share ? cost_of_few_young : 0);
            if (young >= few_young_share && is_no_spread(one, seen, lost))
                worst = one;
        }
    }
    return worst;
}

// As narrow as those tell that were lost.
nanoseconds moment_of(const loss& what, std::span<const observation> odd)
{
    auto latest = nanoseconds::max();
    for (const auto& each : odd)
        if (hit_by(each, what))
            latest = std::min(latest, *each.sent_at);
    return what.at + (latest - what.at) / 2;
}

}  // namespace

std::optional<reading> by_flush(const account& plain, const surroundings& beside)
{
    reading found{.why = explanation::flush, .seen = plain.by.seen, .cost = 0};
    auto odd = odd_of(plain.pools);
    const auto unexplained = static_cast<double>(odd.size());
    std::vector<nanoseconds> moments;
    while (moments.size() < moments_max) {
        const auto worst = worst_of(found.seen, odd);
        if (worst.gain <= worst.cost)
            break;
        moments.push_back(moment_of(worst, odd));
        found.cost += worst.cost;
        for (auto& each : found.seen)
            if (is_dead(each) && hit_by(each, worst))
                each.result = outcome::voided;
        odd = odd_of(account_of({.seen = found.seen}, beside.packet_loss).pools);
    }
    if (moments.empty() || static_cast<double>(odd.size()) > unexplained * (1 - explained_min))
        return std::nullopt;
    std::ranges::sort(moments);
    found.moment = moments.front();
    found.times = static_cast<std::uint32_t>(moments.size());
    if (moments.size() > 2)
        found.period = (moments.back() - moments.front()) / (found.times - 1);
    return found;
}

}  // namespace deadair::estimate
