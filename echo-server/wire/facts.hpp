#pragma once

#include "analysis/words/socket_facts.hpp"

#include <cstdint>
#include <string_view>

namespace deadair::wire {

/// What a socket saw of its connection's end.
enum class end_cause : std::uint8_t {
    nothing = 0,    ///< it is still open, or nothing is known
    reset = 1,      ///< RST
    closed = 2,     ///< FIN, close_notify or WebSocket close
    timed_out = 3,  ///< the kernel gave up retransmitting
    own = 4,        ///< closed by this end
    broken = 5,     ///< bytes that make no sense
};

using deadair::socket_facts;

std::string_view to_string(end_cause value);

}  // namespace deadair::wire
