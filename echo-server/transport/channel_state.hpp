#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "echo-server/transport/channel.hpp"

namespace deadair::net {

enum class channel::stage : std::uint8_t {
    connecting,
    peeking,    // server: TLS or not?
    proxying,   // client: the way through a proxy
    securing,   // TLS handshake
    detecting,  // server: frames or HTTP?
    upgrading,  // HTTP upgrade under way
    open,
    ended
};

/// What a channel needs on its way to `open`, and lets go of then.
struct channel::opening {
    client_options options;
    tls_context shown;  ///< at a server: kept, since the owner may take another meanwhile
    std::optional<proxy_dialogue> dialogue;
    std::string upgrade_key;
    std::size_t awaited{};  ///< bytes that the socket must hold before it wakes us
};

struct channel::fragments {
    wire::opcode code{};
    wire::buffer payload;
};

}  // namespace deadair::net
