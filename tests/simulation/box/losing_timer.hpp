#pragma once

#include <algorithm>

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// At one moment it loses what was silent for more than a second by then.
class losing_timer final : public idle_timer {
public:
    losing_timer(settings how, time at) : idle_timer{how}, at_{at} {}

protected:
    time expires_at(const binding& of, side from) const override
    {
        const auto due = idle_timer::expires_at(of, from);
        const bool idle_then = of.last_packet + std::chrono::seconds{1} < at_;
        return idle_then ? std::min(due, at_) : due;
    }

private:
    time at_;
};

}  // namespace deadair::simulation
