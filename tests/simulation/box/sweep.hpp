#pragma once

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Looks every so often, at one moment for all, and forgets what was silent for long enough by
/// then.
class sweep final : public idle_timer {
public:
    sweep(settings how, nanoseconds period, nanoseconds phase)
        : idle_timer{how}, period_{period}, phase_{phase}
    {
    }

protected:
    time expires_at(const binding& of, side from) const override
    {
        const auto due = idle_timer::expires_at(of, from) - phase_;
        return phase_ + (due + period_ - nanoseconds{1}) / period_ * period_;
    }

private:
    nanoseconds period_;
    nanoseconds phase_;
};

}  // namespace deadair::simulation
