#include "analysis/estimate/random_ends.hpp"

#include <algorithm>
#include <map>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/sentence.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// So many have to end so far apart.
constexpr std::size_t ends_min = 3;
constexpr nanoseconds apart = 1s;
// An age limit lets none live so much longer than others.
constexpr double no_limit_below = 0.7;
// That none of so many comes has a chance of 5 %.
constexpr int ends_expected = 3;
// What silent connections alone say of random ends.
constexpr double random_of_silent = 0.9;

struct life {
    nanoseconds age{};
    std::optional<nanoseconds> ended_at{};
};

std::map<std::uint32_t, life> lives_of(std::span<const observation> busy)
{
    std::map<std::uint32_t, life> lives;
    for (const auto& each : busy) {
        if (each.result == outcome::voided)
            continue;
        auto& here = lives[each.connection_id];
        here.age = std::max(here.age, each.connection_age);
        if (each.unprompted && is_told(each))
            here.ended_at = each.sent_at;
    }
    return lives;
}

std::size_t moments_of(const std::map<std::uint32_t, life>& lives)
{
    std::vector<nanoseconds> ends;
    for (const auto& [connection, each] : lives)
        if (each.ended_at)
            ends.push_back(*each.ended_at);
    std::ranges::sort(ends);
    std::size_t count = 0;
    auto last = nanoseconds::min();
    for (const auto each : ends)
        if (count == 0 || each - last > apart) {
            ++count;
            last = each;
        }
    return count;
}

}  // namespace

std::optional<nanoseconds> random_ends(std::span<const observation> busy)
{
    const auto lives = lives_of(busy);
    nanoseconds lived{};
    nanoseconds oldest{};
    auto youngest = nanoseconds::max();
    std::int64_t ends = 0;
    for (const auto& [connection, each] : lives) {
        lived += each.age;
        oldest = std::max(oldest, each.age);
        if (!each.ended_at)
            continue;
        youngest = std::min(youngest, each.age);
        ++ends;
    }
    if (moments_of(lives) < ends_min || to_seconds(youngest) > no_limit_below * to_seconds(oldest))
        return std::nullopt;
    return lived / ends;
}

void describe_random(std::vector<finding>& silent, nanoseconds mean)
{
    for (auto& each : silent) {
        if (each.kind == finding_kind::none || each.kind == finding_kind::inconclusive ||
            each.why == explanation::sharp)
            continue;
        each.kind = finding_kind::spread;
        each.why = explanation::random;
        each.period = mean;
        each.low.reset();
        each.idle_timeout.reset();
        each.share = 1;
        each.note = sentence_of_random(mean);
    }
    // A mixture had several of a stratum.
    const auto same = [](const finding& one, const finding& other) {
        return one.why == explanation::random && other.why == explanation::random &&
               one.where == other.where;
    };
    silent.erase(std::unique(silent.begin(), silent.end(), same), silent.end());
}

void doubt_random(std::vector<finding>& silent, std::span<const observation> busy)
{
    nanoseconds lived{};
    for (const auto& [connection, each] : lives_of(busy)) {
        if (each.ended_at)
            return;
        lived += each.age;
    }
    for (auto& each : silent) {
        if (each.why != explanation::random || !each.period || lived < ends_expected * *each.period)
            continue;
        each.why = explanation::unsettled;
        each.confidence = std::min(each.confidence, random_of_silent);
        each.period.reset();
        each.note =
            "silent connections end as if at random, and busy ones do not: some reason other than "
            "an age of the silence, as a table that is full; measure again with a quarter of the "
            "--connections, and compare";
    }
}

}  // namespace deadair::estimate
