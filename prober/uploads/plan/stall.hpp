#pragma once

#include <algorithm>
#include <cstdint>

#include "analysis/words/duration.hpp"

namespace deadair::prober::uploads {

/// The longest time that a transfer made no progress, from samples of how much has moved. Counts
/// only what samples without progress span, so a late sample is no stall: never more than the
/// truth, and less by at most two sampling intervals. Pure.
class stall_watch {
public:
    explicit stall_watch(nanoseconds began) : moved_at_{began} {}

    /// `moved` is the sum so far.
    void seen(nanoseconds at, std::uint64_t moved)
    {
        if (moved > moved_) {
            moved_ = moved;
            moved_at_ = at;
        }
        current_ = at - moved_at_;
        longest_ = std::max(longest_, current_);
    }
    nanoseconds longest() const { return longest_; }
    /// Up to the last sample.
    nanoseconds current() const { return current_; }

private:
    nanoseconds moved_at_;
    nanoseconds current_{};
    nanoseconds longest_{};
    std::uint64_t moved_{};
};

}  // namespace deadair::prober::uploads
