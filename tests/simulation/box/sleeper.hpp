#pragma once

#include <algorithm>
#include <map>

#include "tests/simulation/middlebox.hpp"

namespace deadair::simulation {

/// Radio that sleeps: the first packet after so much silence is late, and what follows it. Forgets
/// nothing.
class sleeper final : public middlebox {
public:
    sleeper(nanoseconds silence, nanoseconds delay) : silence_{silence}, delay_{delay} {}

    fate meet(const packet& seen, time now, random_source& /*random*/) override
    {
        auto& here = flows_.try_emplace(seen.flow, radio{now, now}).first->second;
        if (now - here.last >= silence_)
            here.awake = now + delay_;
        here.last = now;
        return {.late_by = std::max(here.awake - now, nanoseconds{})};
    }

private:
    struct radio {
        time last{};
        time awake{};
    };
    nanoseconds silence_;
    nanoseconds delay_;
    std::map<flow_id, radio> flows_;
};

}  // namespace deadair::simulation
