#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "analysis/words/duration.hpp"

namespace deadair::loopback {

/// What a relay does to connections.
struct relay_rules {
    /// Silent for so long, one is forgotten.
    nanoseconds idle_timeout{};
    /// Older, one without TLS is forgotten, however busy it is.
    std::optional<nanoseconds> plain_age_max{};
    /// When so much came from the client, one is forgotten.
    std::optional<std::size_t> upload_max{};
    /// In that case it is closed.
    bool closes{};
};

/// A middlebox that ends TCP. Of a forgotten connection nothing passes any more, though both of its
/// halves stay up.
class relay {
public:
    /// Listens on a port of its own, and passes what comes on to `server`, both on 127.0.0.1.
    relay(boost::asio::io_context& io, std::uint16_t server, const relay_rules& rules);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Takes no more connections. Those that are there go on.
    void stop() { acceptor_.close(); }
    /// From any thread: forgets all that come by while it is dark.
    void darken(bool is) { *dark_ = is; }

private:
    void accept();

    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t server_;
    relay_rules rules_;
    std::shared_ptr<std::atomic<bool>> dark_{std::make_shared<std::atomic<bool>>(false)};
};

}  // namespace deadair::loopback
