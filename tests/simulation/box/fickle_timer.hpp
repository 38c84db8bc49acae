#pragma once

#include <cmath>

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Ends connections at random, so often on average, whatever they do.
class fickle_timer final : public idle_timer {
public:
    fickle_timer(settings how, nanoseconds mean) : idle_timer{how}, mean_{mean} {}

protected:
    time expires_at(const binding& of, side /*from*/) const override
    {
        return of.opened + of.phase;
    }
    void begins(binding& of, random_source& random) override
    {
        if (of.last_packet == of.opened)
            of.phase =
                from_seconds(std::exponential_distribution<double>{1 / to_seconds(mean_)}(random));
    }

private:
    nanoseconds mean_;
};

}  // namespace deadair::simulation
