#pragma once

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "tests/simulation/middlebox.hpp"

namespace deadair::simulation {

/// Two middleboxes one behind the other: `inner` is nearer to the prober.
class chain final : public middlebox {
public:
    chain(box_ptr inner, box_ptr outer) : inner_{std::move(inner)}, outer_{std::move(outer)} {}

    fate meet(const packet& seen, time now, random_source& random) override
    {
        const bool outwards = seen.from == side::inside;
        const auto first = (outwards ? inner_ : outer_)->meet(seen, now, random);
        if (first.is != fate::kind::passes)
            return first;
        auto second = (outwards ? outer_ : inner_)->meet(seen, now, random);
        second.late_by += first.late_by;
        return second;
    }
    std::optional<time> wake_at() const override
    {
        const auto one = inner_->wake_at();
        const auto other = outer_->wake_at();
        return one && other ? std::min(one, other) : one ? one : other;
    }
    std::vector<cut> act(time now) override
    {
        auto cuts = inner_->act(now);
        std::ranges::move(outer_->act(now), std::back_inserter(cuts));
        return cuts;
    }
    bool minds_busy_connections() const override
    {
        return inner_->minds_busy_connections() || outer_->minds_busy_connections();
    }

private:
    box_ptr inner_;
    box_ptr outer_;
};

}  // namespace deadair::simulation
