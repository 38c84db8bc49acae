#pragma once

#include <string>

#include "echo-server/transport/channel.hpp"

namespace deadair::net {

/// What a channel needs on its way to `open`, and lets go of then.
struct channel::opening {
    client_options options;
    std::string upgrade_key;
};

}  // namespace deadair::net
