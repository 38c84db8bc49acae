#pragma once

#include <map>

#include "tests/simulation/middlebox.hpp"

namespace deadair::simulation {

/// Cuts a connection at an age, whatever passes.
class session_age final : public middlebox {
public:
    explicit session_age(nanoseconds age) : age_{age} {}

    fate meet(const packet& seen, time now, random_source& /*random*/) override
    {
        if (seen.is == packet::kind::open)
            opened_[seen.flow] = now;
        const auto found = opened_.find(seen.flow);
        const bool lives = found != opened_.end() && now < found->second + age_;
        return {lives ? fate::kind::passes : fate::kind::dropped};
    }

private:
    nanoseconds age_;
    std::map<flow_id, time> opened_;
};

}  // namespace deadair::simulation
