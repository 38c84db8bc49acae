#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "analysis/words/duration.hpp"

namespace deadair::observation {

/// A named slot for each deadline of a thing; its next wake-up is the least of them.
/// @tparam Slot  an enum whose last value is `count`
template <class Slot>
class deadlines {
public:
    void set(Slot which, nanoseconds at) { at_[std::size_t(which)] = at; }
    /// Leaves one alone that is set.
    void set_once(Slot which, nanoseconds at)
    {
        if (!has(which))
            set(which, at);
    }
    void clear(Slot which) { at_[std::size_t(which)].reset(); }
    bool has(Slot which) const { return at_[std::size_t(which)].has_value(); }
    /// Whether it is past; a deadline passes once.
    bool take(Slot which, nanoseconds now)
    {
        const bool past = has(which) && *at_[std::size_t(which)] <= now;
        if (past)
            clear(which);
        return past;
    }
    std::optional<nanoseconds> next() const
    {
        std::optional<nanoseconds> least;
        for (const auto& each : at_)
            if (each)
                least = std::min(least.value_or(*each), *each);
        return least;
    }

private:
    std::array<std::optional<nanoseconds>, std::size_t(Slot::count)> at_;
};

}  // namespace deadair::observation
