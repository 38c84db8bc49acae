#include "analysis/report/axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace deadair::report {

namespace {

using namespace std::chrono_literals;

constexpr double ratio_from = 30;

// Steps that people count time in.
constexpr std::array<nanoseconds, 30> round_times{
    1ms,  2ms,  5ms,  10ms,  20ms,  50ms,  100ms, 200ms, 500ms, 1s, 2s,  5s,  10s, 20s, 30s,
    1min, 2min, 5min, 10min, 20min, 30min, 1h,    2h,    4h,    8h, 12h, 24h, 48h, 96h, 240h};

// Every n-th, so that at most `most` are left; the last stays.
std::vector<nanoseconds> thinned(const std::vector<nanoseconds>& all, std::size_t most)
{
    if (all.size() <= most)
        return all;
    const auto step = (all.size() + most - 1) / most;
    std::vector<nanoseconds> kept;
    for (std::size_t i = (all.size() - 1) % step; i < all.size(); i += step)
        kept.push_back(all[i]);
    return kept;
}

std::vector<nanoseconds> even_ticks(const time_range& range, std::size_t most)
{
    const auto* const step = std::ranges::find_if(round_times, [&](nanoseconds one) {
        return (range.high - range.low) / one < static_cast<std::int64_t>(most);
    });
    const auto by = step != round_times.end() ? *step : range.high - range.low;
    std::vector<nanoseconds> all;
    for (auto tick = (range.low + by - 1ns) / by * by; tick <= range.high && all.size() < most;
         tick += by)
        all.push_back(tick);
    return all;
}

}  // namespace

axis::axis(const time_range& range, double from, double to)
    : range_{range},
      from_{from},
      to_{to},
      by_ratio_{range.low > 0ns && to_seconds(range.high) / to_seconds(range.low) > ratio_from}
{
}

double axis::share(nanoseconds time) const
{
    const auto inside = to_seconds(std::clamp(time, range_.low, range_.high));
    const double low = to_seconds(range_.low);
    const double high = to_seconds(range_.high);
    return by_ratio_ ? std::log(inside / low) / std::log(high / low)
                     : (inside - low) / (high - low);
}

double axis::at(nanoseconds time) const
{
    return from_ + (to_ - from_) * share(time);
}

std::vector<nanoseconds> axis::ticks(std::size_t most) const
{
    if (!by_ratio_)
        return even_ticks(range_, most);
    std::vector<nanoseconds> all;
    std::ranges::copy_if(round_times, std::back_inserter(all),
                         [this](nanoseconds one) { return shows(one); });
    return thinned(all, most);
}

}  // namespace deadair::report
