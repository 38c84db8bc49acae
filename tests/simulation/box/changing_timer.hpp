#pragma once

#include <algorithm>

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Another, shorter timeout from a moment on.
class changing_timer final : public idle_timer {
public:
    changing_timer(settings how, time at, nanoseconds then) : idle_timer{how}, at_{at}, then_{then}
    {
    }

protected:
    time expires_at(const binding& of, side from) const override
    {
        const auto before = idle_timer::expires_at(of, from);
        return before <= at_ ? before : std::max(at_, of.last_packet + then_);
    }

private:
    time at_;
    nanoseconds then_;
};

}  // namespace deadair::simulation
