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
// Each refusal makes the rate half of what it was, down to one in so much time.
constexpr nanoseconds pace_max = 1s;
// So many in a row that nobody answers for so long are no lost packets: the path lets none in.
constexpr int unanswered_max = 4;
constexpr nanoseconds unanswered_for = 1s;

bool is_shut(const pool& so_far, time now)
{
    int unanswered = 0;
    const auto all = so_far.all();
    for (auto each = all.rbegin(); each != all.rend() && unanswered < unanswered_max; ++each) {
        if (each->is == standing::opening && now - each->since < unanswered_for)
            continue;
        if (each->is != standing::opening)
            return false;
        ++unanswered;
    }
    return unanswered == unanswered_max;
}

bool is_opening(const pool& so_far)
{
    return std::ranges::find(so_far.all(), standing::opening, &connection::is) !=
           so_far.all().end();
}

}  // namespace

opener::opener(const plan& wanted, time begins)
    : at_a_time_{wanted.connections},
      pace_{from_seconds(1 / wanted.open_rate)},
      schedule_{opening_times(wanted)}
{
    for (auto& each : schedule_)
        each += begins;
}

bool opener::may_open(const pool& so_far, time now) const
{
    if (is_shut(so_far, now) || (refusals_ > 0 && is_opening(so_far)))
        return false;  // what is under way tells more
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
    pace_ = std::max(pace_, std::min(2 * pace_, pace_max));
    refused_until_ = at + std::min(retry_pause_max, retry_pause * (1 << std::min(refusals_, 5U)));
    ++refusals_;
}

}  // namespace deadair::planner
