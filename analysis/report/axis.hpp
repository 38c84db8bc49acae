#pragma once

#include <vector>

#include "analysis/words/duration.hpp"

namespace deadair::report {

/// What a picture shows of a time, both ends included.
struct time_range {
    nanoseconds low{};
    nanoseconds high{};
};

/// Where on a picture, or in a line of characters, a time lies. Even steps; equal ratios where the
/// end is so many times the beginning that even steps would crowd the short times.
class axis {
public:
    /// @pre range.low < range.high; the positions may fall as well as rise
    axis(const time_range& range, double from, double to);

    /// What is out of the range lies at its end.
    double at(nanoseconds time) const;
    bool shows(nanoseconds time) const { return time >= range_.low && time <= range_.high; }
    /// Round times within the range, in rising order, at least two where there are some.
    /// @param most  so many have room
    std::vector<nanoseconds> ticks(std::size_t most) const;

private:
    double share(nanoseconds time) const;

    time_range range_;
    double from_;
    double to_;
    bool by_ratio_;
};

}  // namespace deadair::report
