#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>

#include "analysis/words/duration.hpp"

namespace deadair::loopback {

/// A middlebox that ends TCP: what has been silent for the idle timeout is forgotten, and then
/// nothing passes any more, though both connections stay up.
class relay {
public:
    /// Listens on a port of its own, and passes what comes on to `server`, both on 127.0.0.1.
    relay(boost::asio::io_context& io, std::uint16_t server, nanoseconds idle_timeout);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Takes no more connections. Those that are there go on.
    void stop() { acceptor_.close(); }

private:
    void accept();

    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t server_;
    nanoseconds idle_timeout_;
};

}  // namespace deadair::loopback
