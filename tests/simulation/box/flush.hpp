#pragma once

#include <set>

#include "tests/simulation/middlebox.hpp"

namespace deadair::simulation {

/// Loses all its state at one moment: what was opened before is dropped from then on.
class flush final : public middlebox {
public:
    explicit flush(time at) : at_{at} {}

    fate meet(const packet& seen, time now, random_source& /*random*/) override
    {
        if (seen.is == packet::kind::open && now >= at_)
            opened_since_.insert(seen.flow);
        const bool known = now < at_ || opened_since_.contains(seen.flow);
        return {known ? fate::kind::passes : fate::kind::dropped};
    }
    bool minds_busy_connections() const override { return true; }

private:
    time at_;
    std::set<flow_id> opened_since_;
};

}  // namespace deadair::simulation
