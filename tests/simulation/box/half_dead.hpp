#pragma once

#include <map>

#include "tests/simulation/middlebox.hpp"

namespace deadair::simulation {

/// After so much silence packets of one side still pass, and those of the other do not.
class half_dead final : public middlebox {
public:
    half_dead(nanoseconds idle_timeout, side survives)
        : idle_timeout_{idle_timeout}, survives_{survives}
    {
    }

    fate meet(const packet& seen, time now, random_source& /*random*/) override
    {
        if (seen.is == packet::kind::open)
            last_[seen.flow] = now;
        const auto found = last_.find(seen.flow);
        const bool lives = found != last_.end() && now < found->second + idle_timeout_;
        if (lives)
            found->second = now;
        return {lives || seen.from == survives_ ? fate::kind::passes : fate::kind::dropped};
    }

private:
    nanoseconds idle_timeout_;
    side survives_;
    std::map<flow_id, time> last_;
};

}  // namespace deadair::simulation
