#pragma once

#include "tests/simulation/box/idle_timer.hpp"

namespace deadair::simulation {

/// Only packets with data renew: TCP keepalives and their answers pass, and do not count.
class keepalive_blind final : public idle_timer {
public:
    explicit keepalive_blind(settings how) : idle_timer{how} {}

protected:
    bool renews(const packet& seen) const override { return seen.is == packet::kind::data; }
};

}  // namespace deadair::simulation
