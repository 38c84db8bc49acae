#include "prober/planner/trial.hpp"

#include <algorithm>

#include "prober/planner/actions.hpp"

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// Refreshed so often within one idle timeout, so that a lost packet or two do not matter.
constexpr int refreshes_per_timeout = 4;
constexpr nanoseconds every_min = 100ms;
// Busy ones say something twice as often, and are asked as often, or by hundredths of the time in
// long silences.
constexpr int busy_per_timeout = 8;
constexpr nanoseconds busy_every_max = 10s;
constexpr nanoseconds ask_every_max = 1s;
constexpr int asked_per_hold = 100;

std::chrono::milliseconds in_steps(nanoseconds every)
{
    return std::chrono::floor<std::chrono::milliseconds>(std::max(every_min, every));
}

}  // namespace

// TCP keepalive is set in whole seconds.
std::chrono::milliseconds refreshed_every(const trial& of, refresh by)
{
    const auto every = of.expired / refreshes_per_timeout;
    if (by == refresh::tcp_keepalive)
        return std::max(keepalive_interval_min, std::chrono::floor<std::chrono::seconds>(every));
    return in_steps(every);
}

std::chrono::milliseconds busy_every(const trial& of)
{
    return in_steps(std::min(busy_every_max, of.expired / busy_per_timeout));
}

nanoseconds asked_every(const trial& of)
{
    return std::max(std::min(ask_every_max, of.expired / busy_per_timeout),
                    of.hold / asked_per_hold);
}

}  // namespace deadair::planner
