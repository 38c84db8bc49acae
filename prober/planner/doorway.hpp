#pragma once

#include <algorithm>
#include <chrono>
#include <map>

#include "prober/planner/plan.hpp"

namespace deadair::planner {

/// Whether a path lets connections in, by what became of those that asked to be let in. Where
/// nobody answers, few ask; after a refusal one at a time, and not without end.
class doorway {
public:
    void knock(connection_id who, time now) { knocking_[who] = now; }
    void let_in(connection_id who)
    {
        knocking_.erase(who);
        refused_ = 0;
    }
    /// Many knock at a time: those that are refused together are refused once.
    void refuse(connection_id who, time at)
    {
        const auto knock = knocking_.extract(who);
        if (knock && knock.mapped() >= refused_at_) {
            ++refused_;
            refused_at_ = at;
        }
    }

    bool may_knock(time now) const
    {
        if (refused_ > 0)
            return knocking_.empty() && !is_closed();
        return std::ranges::count_if(knocking_, [&](const auto& each) {
                   return now - each.second >= unanswered_for;
               }) < unanswered_max;
    }
    /// Refused so often in a row that nobody need ask any more.
    bool is_closed() const { return refused_ >= refusals_max; }

private:
    static constexpr std::uint32_t refusals_max = 5;
    static constexpr int unanswered_max = 4;
    static constexpr nanoseconds unanswered_for = std::chrono::seconds{1};

    std::map<connection_id, time> knocking_;
    std::uint32_t refused_{};
    time refused_at_{};
};

}  // namespace deadair::planner
