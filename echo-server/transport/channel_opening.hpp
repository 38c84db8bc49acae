#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "echo-server/transport/channel.hpp"

namespace deadair::net {

/// What a channel needs on its way to `open`, and lets go of then.
struct channel::opening {
    client_options options;
    tls_context shown;  ///< at a server: kept, since the owner may take another meanwhile
    std::optional<proxy_dialogue> dialogue;
    std::string upgrade_key;
    std::size_t awaited{};  ///< bytes that the socket must hold before it wakes us
};

}  // namespace deadair::net
