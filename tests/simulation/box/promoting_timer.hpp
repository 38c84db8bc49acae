#pragma once

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// A longer timeout once so many messages have passed.
class promoting_timer final : public idle_timer {
public:
    promoting_timer(settings how, std::uint32_t messages, nanoseconds then)
        : idle_timer{how}, messages_{messages}, then_{then}
    {
    }

protected:
    time expires_at(const binding& of, side from) const override
    {
        return of.packets >= messages_ ? of.last_packet + then_ : idle_timer::expires_at(of, from);
    }

private:
    std::uint32_t messages_;
    nanoseconds then_;
};

}  // namespace deadair::simulation
