#pragma once

#include <optional>

#include "analysis/words/socket_facts.hpp"
#include "prober/observation/flight.hpp"

namespace deadair::observation {

/// This host's end of the connections under test.
class near_end {
public:
    virtual ~near_end() = default;
    /// What the kernel says of it now; nullopt once its socket is gone.
    virtual std::optional<socket_facts> facts(connection_id connection) = 0;
};

}  // namespace deadair::observation
