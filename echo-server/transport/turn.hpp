#pragma once

#include <chrono>

namespace deadair::net {

/// What one thing may do before all others have their turn of the loop. Whoever has more to do
/// than that goes on in a turn of its own.
class turn {
public:
    static constexpr std::chrono::microseconds share{250};

    bool over() const { return clock::now() >= end_; }

private:
    using clock = std::chrono::steady_clock;
    clock::time_point end_{clock::now() + share};
};

}  // namespace deadair::net
