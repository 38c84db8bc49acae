#pragma once

#include <deque>
#include <map>
#include <tuple>

#include "prober/uploads/plan/schedule.hpp"

namespace deadair::prober::uploads {

/// In which order the trials of a plan are begun. The fresh ones follow each other, so that they do
/// not share the path; how long they took says how far apart the idle ones are begun. Pure.
class order {
public:
    explicit order(plan what);

    /// What is to be opened now.
    /// @param at_rest  nothing is under way, and all that was measured is kept
    std::vector<trial> due(nanoseconds now, bool at_rest);
    void took(const trial& what, nanoseconds total) { took_[key_of(what)] = total; }
    /// Nothing is left to be opened.
    bool finished() const { return idle_planned_ && fresh_.empty() && idle_.empty(); }
    /// When something is due that waits for its time alone.
    std::optional<nanoseconds> wake_at() const;

private:
    using key = std::tuple<path, transfer_direction, std::uint64_t>;
    static key key_of(const trial& what) { return {what.on, what.way, what.size}; }
    void plan_idle(nanoseconds now);

    plan what_;
    std::deque<trial> fresh_;
    std::deque<trial> idle_;
    bool idle_planned_{};
    nanoseconds idle_began_{};
    std::map<key, nanoseconds> took_;
};

}  // namespace deadair::prober::uploads
