#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "analysis/words/words.hpp"
#include "echo-server/transport/channel.hpp"
#include "echo-server/transport/tls.hpp"

namespace deadair::prober {

/// Where the echo server is, and how we know that it is the right one.
struct target {
    std::string host;  ///< as asked for
    std::map<address_family, boost::asio::ip::address>
        address;  ///< resolved once, for the whole run; with a proxy: the proxy's
    std::optional<net::proxy_server> through{};
    net::trust whom;
    SSL_CTX* context{};                              ///< made from `whom`; outlives the run
    std::optional<boost::asio::ip::address> from{};  ///< source address; else the system's

    net::tcp::endpoint endpoint(address_family family, std::uint16_t port) const
    {
        return {address.at(family), through ? through->port : port};
    }
    const net::proxy_server* proxy() const { return through ? &*through : nullptr; }
};

}  // namespace deadair::prober
