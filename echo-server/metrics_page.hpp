#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "echo-server/listening.hpp"

namespace deadair::echo_server {

/// Answers `GET /metrics` over HTTP/1.1, one request a connection, a few connections at a time.
/// Meant for a scraper on a trusted network: it asks for no token.
class metrics_page {
public:
    metrics_page(boost::asio::io_context& io, listening_socket at,
                 std::function<std::string()> text);
    void stop();

private:
    using tcp = boost::asio::ip::tcp;
    void accept_next();

    tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    std::function<std::string()> text_;
    std::shared_ptr<std::size_t> readers_{std::make_shared<std::size_t>()};
};

}  // namespace deadair::echo_server
