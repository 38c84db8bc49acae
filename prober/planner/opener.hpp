#pragma once

#include <optional>
#include <vector>

#include "prober/planner/pool.hpp"

namespace deadair::planner {

/// When connections open: by the plan's schedule, at most so many a second and at a time; beyond
/// the schedule to replace what was lost. Refused ones are tried later, one at a time and more
/// slowly from then on, and not without end.
class opener {
public:
    /// @param begins  when the plan does
    explicit opener(const plan& wanted, time begins = {});

    /// There is room for another.
    bool may_open(const pool& so_far, time now) const;
    /// By now there should be more of them, and no scheduled one will make it good.
    bool falls_short(const pool& so_far, time now) const;
    bool scheduled(const pool& so_far) const { return so_far.ever_opened() < schedule_.size(); }
    /// When the next one opens; nullopt when none is scheduled and none is to be replaced.
    std::optional<time> next_at(const pool& so_far, bool replacing) const;

    void opens(time due, time now);
    void was_refused(time at);
    void was_opened() { refusals_ = 0; }
    void outage_began() { refusals_ = 0; }
    /// From one opening to the next, as the path seems to let it through.
    nanoseconds pace() const { return pace_; }

private:
    std::uint32_t at_a_time_;
    nanoseconds pace_;
    std::vector<time> schedule_;
    std::uint32_t refusals_{};
    time not_before_{};
    time refused_until_{};
};

}  // namespace deadair::planner
