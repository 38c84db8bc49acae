#pragma once

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Only the data of one side renews; acknowledgements and the other side's data do not.
class one_way_timer final : public idle_timer {
public:
    one_way_timer(settings how, side renewing) : idle_timer{how}, renewing_{renewing} {}

protected:
    bool renews(const packet& seen) const override
    {
        return seen.from == renewing_ && seen.is == packet::kind::data;
    }

private:
    side renewing_;
};

}  // namespace deadair::simulation
