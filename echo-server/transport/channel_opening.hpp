#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "echo-server/transport/channel.hpp"

namespace deadair::net {

/// What a channel needs on its way to `open`, and lets go of then.
struct channel::opening {
    client_options options;
    std::string upgrade_key;
    std::optional<std::uint64_t> sent_at_flight;  ///< what we had sent when a TLS flight began
};

}  // namespace deadair::net
