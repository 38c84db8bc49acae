#include "tests/simulation/staggering.hpp"

#include <algorithm>
#include <cmath>

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;

constexpr nanoseconds wanted_min = 500ms;
constexpr double wanted_share = 0.001;
constexpr nanoseconds open_gap = 50ms;

nanoseconds wanted_width(nanoseconds age)
{
    return std::max(wanted_min, from_seconds(wanted_share * to_seconds(age)));
}

// A probe repeats its packet while the verdict is awaited: after 0.25, 0.75, 1.75, 3.75 s.
bool delivered(nanoseconds age, nanoseconds truth, const staggered& how, double loss,
               random_source& random)
{
    if (age >= truth)
        return false;
    int packets = 0;
    for (nanoseconds at{}; at < how.verdict_after; at = 2 * at + 250ms)
        ++packets;
    return !std::bernoulli_distribution{std::pow(loss, packets)}(random);
}

}  // namespace

yardstick sequentially(const staggered& how, nanoseconds truth, double loss, random_source& random)
{
    yardstick found{.high = how.idle_max};
    auto next = how.idle_min;
    bool bracketed = false;
    while (found.high - found.low > wanted_width(found.low)) {
        int losses = 0;
        bool alive = false;
        while (!alive && losses < how.losses_needed) {
            alive = delivered(next, truth, how, loss, random);
            losses += alive ? 0 : 1;
            found.took += next + how.verdict_after;
            ++found.probes;
            ++found.opened;
        }
        (alive ? found.low : found.high) = next;
        bracketed = bracketed || !alive;
        if (!bracketed && next == how.idle_max)
            break;
        next = bracketed ? (found.low + found.high) / 2 : std::min(2 * next, how.idle_max);
    }
    return found;
}

yardstick in_passes(int passes, const staggered& how, nanoseconds truth, double loss,
                    random_source& random)
{
    yardstick found{.low = how.idle_min, .high = how.idle_max};
    for (int pass = 0; pass < passes; ++pass) {
        if (pass > 0 && found.high - found.low <= wanted_width(found.low))
            break;
        const auto from = found.low;
        const auto to = found.high;
        nanoseconds longest{};
        int losses = 0;
        for (std::uint32_t i = 0; i < how.connections && losses < how.losses_needed; ++i) {
            const double share = (i + 1.0) / how.connections;
            const auto age = pass == 0
                                 ? from_seconds(to_seconds(from) *
                                                std::pow(to_seconds(to) / to_seconds(from), share))
                                 : from + from_seconds(to_seconds(to - from) * share);
            ++found.probes;
            const bool alive = delivered(age, truth, how, loss, random);
            if (alive) {
                found.low = age;
                losses = 0;
            } else if (losses++ == 0)
                found.high = age;
            longest = age + i * open_gap;
        }
        found.opened += how.connections;
        found.took += longest + how.verdict_after;
    }
    return found;
}

}  // namespace deadair::simulation
