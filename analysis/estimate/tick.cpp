// A middlebox that looks only every so often: what was silent for long enough goes at the next
// tick. Counted to the last tick before the probe, the timeout is sharp.
#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/reading.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

constexpr double cost_of_tick = 8;
constexpr int phases = 48;
constexpr double period_step = 1.012;
constexpr std::size_t told_min = 10;
constexpr std::size_t ticks_min = 3;
// Nobody looks so much more rarely than he forgets.
constexpr double period_max_times = 2;
// An end by itself comes this long after its tick, at most.
constexpr nanoseconds tick_slack = 150ms;

struct beat {
    double period_s{};
    double phase_s{};

    double last_before(double at_s) const
    {
        return phase_s + std::floor((at_s - phase_s) / period_s) * period_s;
    }
};

struct timed {
    double sent_s{};
    double age_s{};
    double error_s{};
    bool alive{};
    bool died_at{};
};

std::vector<timed> timed_of(std::span<const observation> seen)
{
    std::vector<timed> all;
    for (const auto& each : seen)
        if (each.sent_at && (is_alive(each) || is_dead(each)))
            all.push_back({to_seconds(*each.sent_at), to_seconds(each.idle_age),
                           to_seconds(each.idle_age_error), is_alive(each), each.unprompted});
    return all;
}

// The phase is found to one part in so many of the period: what lived may have been asked before
// the tick, and what was gone after it.
double at_last_tick(const timed& seen, const beat& of)
{
    const double give = of.period_s / phases + seen.error_s;
    return seen.age_s - (seen.sent_s - of.last_before(seen.sent_s + (seen.alive ? -give : give)));
}

/// Ended by itself, and at no tick.
bool is_off(const timed& seen, const beat& of)
{
    return seen.died_at &&
           seen.sent_s - of.last_before(seen.sent_s + seen.error_s) > to_seconds(tick_slack);
}

/// How well it fits, and up to what all survived a tick.
struct fit {
    beat of;
    double misses{};
    double survived_s{};
};

fit fit_of(const beat& of, std::span<const timed> seen)
{
    fit found{.of = of};
    for (const auto& each : seen) {
        double age = at_last_tick(each, of);
        if (each.died_at)
            age -= of.period_s;  // it had survived the tick before
        if (each.alive || each.died_at)
            found.survived_s = std::max(found.survived_s, age - each.error_s);
    }
    for (const auto& each : seen) {
        if (each.alive)
            continue;
        if (is_off(each, of) || at_last_tick(each, of) + each.error_s < found.survived_s)
            ++found.misses;
    }
    return found;
}

// Timers are set in whole seconds, more often than not.
bool is_whole(const beat& of)
{
    return of.period_s == std::round(of.period_s);
}

bool better(const fit& left, const fit& right)
{
    if (left.misses != right.misses)
        return left.misses < right.misses;
    if (is_whole(left.of) != is_whole(right.of))
        return is_whole(left.of);
    return left.of.period_s > right.of.period_s;
}

struct range_s {
    double from{};
    double to{};
};

// A tick spreads expiry over as much as its period, of which a run may see a part.
range_s periods_of(std::span<const observation> seen)
{
    const auto where = zone_of(seen);
    auto last = where.last_alive;
    std::size_t ended = 0;
    for (const auto& each : seen)
        if (each.unprompted && is_dead(each)) {
            last = std::max(last, each.idle_age);
            ++ended;
        }
    const double width = to_seconds(last - where.first_dead);
    // So many ends that were seen as they came leave no large part of it out.
    if (ended > told_min)
        return {width * 0.7, width * 2};
    return {width * 0.7, std::max(width * 4, to_seconds(last))};
}

// Where hardly a silence survives a tick all state is lost at times, and no timer ticks.
bool is_loss(const fit& of)
{
    return of.of.period_s > period_max_times * of.survived_s;
}

std::vector<fit> fits_of(std::span<const timed> seen, const range_s& periods)
{
    std::vector<fit> all;
    for (double period = periods.from; period <= periods.to; period *= period_step)
        for (int i = 0; i < phases; ++i)
            all.push_back(fit_of({period, period * i / phases}, seen));
    for (double period = std::ceil(periods.from); period <= periods.to && period < 100; ++period)
        for (int i = 0; i < phases; ++i)
            all.push_back(fit_of({period, period * i / phases}, seen));
    std::erase_if(all, is_loss);
    return all;
}

// How many ended by themselves at no tick.
double off_beat(const beat& of, std::span<const timed> seen)
{
    return static_cast<double>(
        std::ranges::count_if(seen, [&](const timed& each) { return is_off(each, of); }));
}

// After how many ticks something was found dead. With one or two, a few that died early would find
// a tick of their own.
std::size_t ticks_of(const beat& of, std::span<const timed> seen)
{
    std::set<double> found;
    for (const auto& each : seen)
        if (!each.alive)
            found.insert(of.last_before(each.sent_s + each.error_s));
    return found.size();
}

// Each observation as the last tick before it saw it.
std::vector<observation> read_by(const beat& of, std::span<const observation> seen)
{
    std::vector<observation> all;
    for (auto each : seen) {
        if (!each.sent_at || (!is_alive(each) && !is_dead(each))) {
            all.push_back(each);
            continue;
        }
        const auto one = timed_of({&each, 1}).front();
        const auto age = from_seconds(std::max(at_last_tick(one, of), 0.0));
        if (each.unprompted && is_dead(each)) {
            auto before = each;
            before.result = outcome::delivered;
            before.idle_age = std::max(age - from_seconds(of.period_s), 0ns);
            all.push_back(before);
        }
        each.idle_age = age;
        each.unprompted = false;
        all.push_back(each);
    }
    return all;
}

}  // namespace

std::optional<reading> by_tick(const account& plain, const surroundings& /*beside*/)
{
    // What expires together ticks together.
    const auto widest = std::ranges::max_element(
        plain.pools, {}, [](const pool& each) { return -each.how.best.score; });
    if (widest == plain.pools.end())
        return std::nullopt;
    const auto seen = timed_of(widest->seen);
    const auto periods = periods_of(widest->seen);
    if (seen.empty() || periods.from <= 0.05)
        return std::nullopt;
    const auto all = fits_of(seen, periods);
    if (all.empty())
        return std::nullopt;
    const auto best = *std::ranges::min_element(all, better);
    if (ticks_of(best.of, seen) < ticks_min)
        return std::nullopt;
    reading found{
        .why = explanation::tick,
        .seen = read_by(best.of, plain.by.seen),
        .cost = cost_of_tick - log_impossible * off_beat(best.of, timed_of(plain.by.seen))};
    double low = best.survived_s;
    for (const auto& each : all)
        if (each.misses <= best.misses)
            low = std::min(low, each.survived_s);
    // The phase is found to one part in so many of the period.
    found.low = from_seconds(std::max(low - best.of.period_s / phases, 0.0));
    found.period = from_seconds(best.of.period_s);
    found.moment = from_seconds(best.of.phase_s);
    return found;
}

}  // namespace deadair::estimate
