#pragma once

#include <map>

#include "tests/simulation/middlebox.hpp"

namespace deadair::simulation {

/// Loses all its state every so often.
class flushes final : public middlebox {
public:
    explicit flushes(nanoseconds every) : every_{every} {}

    fate meet(const packet& seen, time now, random_source& /*random*/) override
    {
        if (seen.is == packet::kind::open)
            opened_[seen.flow] = now / every_;
        const auto found = opened_.find(seen.flow);
        const bool known = found != opened_.end() && found->second == now / every_;
        return {known ? fate::kind::passes : fate::kind::dropped};
    }
    bool minds_busy_connections() const override { return true; }

private:
    nanoseconds every_;
    std::map<flow_id, std::int64_t> opened_;  // in which span between two losses
};

}  // namespace deadair::simulation
