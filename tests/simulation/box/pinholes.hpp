#pragma once

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// The data of each side renews what its own packets need, and nothing else.
class pinholes final : public idle_timer {
public:
    pinholes(settings how, nanoseconds of_outside) : idle_timer{how}, of_outside_{of_outside} {}

protected:
    time expires_at(const binding& of, side from) const override
    {
        return from == side::inside ? of.by_inside + how().idle_timeout
                                    : of.by_outside + of_outside_;
    }

private:
    nanoseconds of_outside_;
};

}  // namespace deadair::simulation
