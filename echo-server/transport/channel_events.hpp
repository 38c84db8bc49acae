#pragma once

#include <openssl/ssl.h>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

#include "echo-server/transport/upgrade.hpp"
#include "echo-server/wire/facts.hpp"
#include "echo-server/wire/frame.hpp"
#include "echo-server/wire/websocket.hpp"

namespace deadair::net {

using tcp = boost::asio::ip::tcp;
using executor = boost::asio::io_context::executor_type;
using socket = boost::asio::basic_stream_socket<tcp, executor>;

/// What the owner makes of a WebSocket upgrade.
enum class upgrade_verdict : std::uint8_t {
    frames,        ///< our own protocol
    messages,      ///< a client of another make: its messages go to `on_message` as they are
    refused,       ///< 404
    unauthorized,  ///< 401
    in_the_clear,  ///< 403: a token may not travel so
    full,          ///< 503
};

/// What a channel tells its owner. The owner may close the channel in any of them.
class channel_events {
public:
    virtual ~channel_events() = default;
    /// Frames may be sent and will come. Called once.
    virtual void on_open() {}
    virtual void on_frame(const wire::frame& seen) = 0;
    /// A whole message of a client of another make.
    virtual void on_message(wire::opcode, wire::bytes) {}
    /// A server is asked for a WebSocket.
    virtual upgrade_verdict on_upgrade(const upgrade_request&) { return upgrade_verdict::refused; }
    /// The client's TLS handshake is done; returning text ends the channel with that reason.
    virtual std::string on_secured(SSL*) { return {}; }
    /// So many bytes came, TLS's own included, with so many messages and WebSocket control
    /// frames. The owner may have had enough and close the channel.
    virtual void on_received(std::uint32_t, std::uint32_t) {}
    /// So many bytes went out. Told from within `send`, so it must not close the channel.
    virtual void on_sent(std::uint32_t) {}
    /// All that was sent has been handed to the kernel; before, some of it had to wait.
    virtual void on_drained() {}
    /// The last call. `facts` still answers.
    virtual void on_end(wire::end_cause cause, const std::string& detail) = 0;
};

}  // namespace deadair::net
