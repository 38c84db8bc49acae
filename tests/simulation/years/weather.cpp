#include "tests/simulation/years/weather.hpp"

#include <algorithm>
#include <cmath>

namespace deadair::simulation {

namespace {

using namespace std::chrono_literals;

constexpr double policies_a_day = 12.0 / 365;
// Each in a stretch, however long it is.
constexpr double outage = 0.3;
constexpr double restart = 0.05;
constexpr double sleep = 0.05;
constexpr double flush_of_state = 0.05;

}  // namespace

nanoseconds weather::between(nanoseconds low, nanoseconds high)
{
    const double share = std::uniform_real_distribution<double>{0, 1}(random_);
    return from_seconds(to_seconds(low) * std::pow(to_seconds(high) / to_seconds(low), share));
}

void weather::change()
{
    idle_timeout_ = between(60s, 1h);
}

bool weather::next_day()
{
    const bool changes = happens(policies_a_day);
    if (changes)
        change();
    return changes;
}

weather::stretch weather::of(nanoseconds length)
{
    const auto moment = [&] { return drawn(length, random_); };
    stretch all;
    all.net.loss = happens(0.5) ? 0 : to_seconds(drawn(20ms, random_));
    all.net.round_trip = between(5ms, 200ms);
    while (all.net.outages.size() < 4 && happens(outage)) {
        const auto from = moment();
        all.net.outages.push_back({from, from + between(1s, 20min)});
    }
    std::ranges::sort(all.net.outages, {}, &span_of_time::from);
    if (happens(restart))
        all.net.server_restart = moment();
    if (happens(sleep)) {
        all.net.suspended_at = moment();
        all.net.suspended_for = between(1min, 8h);
    }
    if (happens(flush_of_state))
        all.flushed_at = moment();
    all.faults = static_cast<int>(all.net.outages.size()) + (all.net.server_restart ? 1 : 0) +
                 (all.net.suspended_at ? 1 : 0) + (all.flushed_at ? 1 : 0);
    return all;
}

box_ptr weather::firewall(const stretch& through) const
{
    auto timer = std::make_unique<idle_timer>(idle_timer::settings{.idle_timeout = idle_timeout_});
    if (!through.flushed_at)
        return timer;
    return std::make_unique<chain>(std::move(timer), std::make_unique<flush>(*through.flushed_at));
}

}  // namespace deadair::simulation
