#pragma once

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Expiry comes up to so much later, drawn anew for each silence.
class jittery_timer final : public idle_timer {
public:
    jittery_timer(settings how, nanoseconds jitter) : idle_timer{how}, jitter_{jitter} {}

protected:
    time expires_at(const binding& of, side from) const override
    {
        return idle_timer::expires_at(of, from) + of.phase;
    }
    void begins(binding& of, random_source& random) override { of.phase = drawn(jitter_, random); }

private:
    nanoseconds jitter_;
};

}  // namespace deadair::simulation
