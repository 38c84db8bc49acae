#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "analysis/words/words.hpp"
#include "echo-server/transport/proxy.hpp"
#include "echo-server/transport/tls.hpp"

namespace deadair::net {

/// How a client's connection is made.
struct client_options {
    transport kind{transport::tls};
    std::string host;               ///< for TLS and HTTP: as asked for
    SSL_CTX* context{};             ///< for the secured transports
    const proxy_server* through{};  ///< reached by the endpoint; outlives the opening
    std::uint16_t port{};           ///< with `through`: of the server
    const trust* whom{};            ///< the same; outlives the handshake
    std::optional<boost::asio::ip::address> from{};  ///< source address; else the system's
};

}  // namespace deadair::net
