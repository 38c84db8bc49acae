#pragma once

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Its timer looks only so often, at a phase of each connection's own: expiry comes up to that
/// much later.
class coarse_timer final : public idle_timer {
public:
    coarse_timer(settings how, nanoseconds grain) : idle_timer{how}, grain_{grain} {}

protected:
    time expires_at(const binding& of, side from) const override
    {
        const auto at = idle_timer::expires_at(of, from) - of.phase;
        return of.phase + (at + grain_ - nanoseconds{1}) / grain_ * grain_;
    }
    void begins(binding& of, random_source& random) override
    {
        if (of.last_packet == of.opened)
            of.phase = drawn(grain_, random);
    }

private:
    nanoseconds grain_;
};

}  // namespace deadair::simulation
