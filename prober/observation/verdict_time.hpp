#pragma once

#include <array>
#include <cstddef>

#include "prober/observation/flight.hpp"

namespace deadair::observation {

/// How long a verdict waits for an answer. Loss is not expiry: several retransmissions must have
/// had their time, on the path as it is now.
class verdict_time {
public:
    /// @param least  what the user asked for
    explicit verdict_time(nanoseconds least) : least_{least} {}

    /// A retransmission timeout of the control connection, as its kernel holds it. Of the last
    /// `window` the least disturbed counts: one lost packet makes the timeout several times as
    /// long, and some round trips later it is as before.
    void sample(nanoseconds rto);
    /// @param own_rto  of the connection that is probed, as its kernel holds it
    nanoseconds after(nanoseconds own_rto = {}) const;

private:
    static constexpr std::size_t window = 16;

    nanoseconds path_rto() const;

    nanoseconds least_;
    std::array<nanoseconds, window> samples_{};
    std::size_t count_{};
};

}  // namespace deadair::observation
