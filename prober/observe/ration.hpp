#pragma once

#include <algorithm>
#include <ctime>

#include "analysis/words/duration.hpp"

namespace deadair::prober::observe {

/// Holds what is done again and again to a share of a processor: what took long is done more
/// rarely.
class ration {
public:
    struct settings {
        double share{};              ///< of one processor, above 0
        nanoseconds interval_min{};  ///< it is not done more often than that
        nanoseconds saved_max{};     ///< time of the processor that may be spent ahead
    };
    explicit ration(const settings& what) : what_{what}, saved_{what.saved_max} {}

    void begin() { began_ = processor_time(); }
    /// @return how long to wait until it is done again
    nanoseconds end(nanoseconds now)
    {
        const auto earned = from_seconds(to_seconds(now - last_) * what_.share);
        saved_ = std::min(saved_ + earned, what_.saved_max) - (processor_time() - began_);
        last_ = now;
        return std::max(what_.interval_min, from_seconds(-to_seconds(saved_) / what_.share));
    }

private:
    static nanoseconds processor_time()
    {
        timespec value{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &value);
        return std::chrono::seconds{value.tv_sec} + std::chrono::nanoseconds{value.tv_nsec};
    }

    settings what_;
    nanoseconds saved_;
    nanoseconds last_{};
    nanoseconds began_{};
};

}  // namespace deadair::prober::observe
