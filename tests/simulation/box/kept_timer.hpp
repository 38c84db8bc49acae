#pragma once

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Expiry comes up to so much later, drawn for each connection, which keeps it.
class kept_timer final : public idle_timer {
public:
    kept_timer(settings how, nanoseconds more) : idle_timer{how}, more_{more} {}

protected:
    time expires_at(const binding& of, side from) const override
    {
        return idle_timer::expires_at(of, from) + of.phase;
    }
    void begins(binding& of, random_source& random) override
    {
        if (of.last_packet == of.opened)
            of.phase = drawn(more_, random);
    }

private:
    nanoseconds more_;
};

}  // namespace deadair::simulation
