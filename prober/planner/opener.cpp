#include "prober/planner/opener.hpp"

#include <algorithm>

#include "prober/planner/ladder.hpp"

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// Connections may be replaced, but not without end.
constexpr std::uint32_t replacements_times = 4;
// Pause after a refused open, doubled each time up to the longest; and how many in a row are
// enough.
constexpr nanoseconds retry_pause = 1s;
constexpr nanoseconds retry_pause_max = 30s;
constexpr std::uint32_t refusals_max = 20;

}  // namespace

opener::opener(const plan& wanted)
    : at_a_time_{wanted.connections},
      pace_{from_seconds(1 / wanted.open_rate)},
      schedule_{opening_times(wanted)}
{
}

bool opener::may_open(const pool& so_far) const
{
    return refusals_ < refusals_max && so_far.ever_opened() < replacements_times * at_a_time_ &&
           so_far.open() < at_a_time_;
}

bool opener::falls_short(const pool& so_far, time now) const
{
    const auto by_now = std::ranges::upper_bound(schedule_, now) - schedule_.begin();
    return so_far.useful() < by_now && so_far.ever_opened() >= by_now;
}

std::optional<time> opener::next_at(const pool& so_far, bool replacing) const
{
    if (!replacing && !scheduled(so_far))
        return std::nullopt;
    const auto wanted = replacing ? time{} : schedule_[so_far.ever_opened()];
    return std::max({wanted, not_before_, refused_until_});
}

void opener::opens(time due, time now)
{
    not_before_ = std::max(due, now - pace_) + pace_;
}

void opener::was_refused(time at)
{
    // Many are tried at a time: those that fail together are refused once.
    if (at < refused_until_)
        return;
    refused_until_ = at + std::min(retry_pause_max, retry_pause * (1 << std::min(refusals_, 5U)));
    ++refusals_;
}

}  // namespace deadair::planner
