#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "analysis/words/words.hpp"
#include "echo-server/transport/byte_stream.hpp"
#include "echo-server/transport/proxy.hpp"
#include "echo-server/transport/tls.hpp"
#include "echo-server/transport/upgrade.hpp"
#include "echo-server/wire/frame.hpp"
#include "echo-server/wire/limits.hpp"
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

/// One connection of any transport, in either role, on one thread. It decides nothing, sends
/// nothing by itself but what RFC 6455 demands as answer, and while idle holds no buffer: one
/// pending wait for readability is all. Callbacks, not coroutines, because the frames of three
/// nested coroutines would cost more than all the rest of an idle TCP connection.
class channel : public std::enable_shared_from_this<channel> {
public:
    struct client_options {
        transport kind{transport::tls};
        std::string host;               ///< for TLS and HTTP: as asked for
        SSL_CTX* context{};             ///< for the secured transports
        const proxy_server* through{};  ///< reached by the endpoint; outlives the opening
        std::uint16_t port{};           ///< with `through`: of the server
        const trust* whom{};            ///< the same; outlives the handshake
        std::optional<boost::asio::ip::address> from{};  ///< source address; else the system's
    };

    /// A server's end: tells the transport by the first bytes.
    static std::shared_ptr<channel> accept(socket accepted, SSL_CTX* context,
                                           channel_events& owner);
    /// A client's end; `on_open` or `on_end` follows.
    static std::shared_ptr<channel> connect(const boost::asio::io_context::executor_type& on,
                                            const tcp::endpoint& to, client_options options,
                                            channel_events& owner);

    channel(socket opened, wire::role as, channel_events& owner);
    ~channel();
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;

    /// Sends a whole frame, at once if the socket takes it. More than `wire::queued_max` waiting
    /// ends the channel.
    void send(wire::bytes frame);
    /// Everything sent so far has been handed to the kernel.
    bool drained() const { return output_.empty(); }
    /// `on_drained` follows from the loop: to send much without keeping others waiting.
    void tell_drained();
    /// Sends a WebSocket message or control frame. @pre is_websocket(kind())
    void send_websocket(wire::opcode code, wire::bytes payload);
    /// Closes in order: WebSocket close, close_notify, FIN. No event follows.
    void close();
    /// Closes with a reset. No event follows.
    void abort();

    void accept_bodies_up_to(std::size_t limit) { body_limit_ = limit; }

    bool is_open() const { return stage_ == stage::open; }
    transport kind() const;
    wire::socket_facts facts();
    SSL* ssl() const { return stream_.ssl(); }
    tcp::endpoint local() const;
    tcp::endpoint remote() const;
    int native_socket() { return socket_.native_handle(); }

private:
    enum class stage : std::uint8_t {
        connecting,
        peeking,    // server: TLS or not?
        proxying,   // client: the way through a proxy
        securing,   // TLS handshake
        detecting,  // server: frames or HTTP?
        upgrading,  // HTTP upgrade under way
        open,
        ended
    };
    struct opening;  // what only the way to `open` needs

    void start_client(client_options options, const tcp::endpoint& to);
    void connected(const boost::system::error_code& error);
    void begin_transport();
    std::size_t digest_proxy(wire::bytes input);
    void wait(tcp::socket::wait_type what);
    void advance();
    bool go_on();
    bool peek();
    bool secure_further();
    bool peek_hello();
    bool peek_at_least(std::span<std::byte> into);
    bool begin_tls();
    bool read_further();
    bool heed(const step& taken);
    void tell_received();
    void tell_sent();
    void secured();
    void request_upgrade();
    void take(wire::bytes chunk);
    std::size_t digest(wire::bytes input);
    void detect(std::byte first);
    std::size_t digest_one(wire::bytes input);
    std::size_t answer_upgrade(wire::bytes input);
    std::size_t finish_upgrade(wire::bytes input);
    std::size_t digest_frame(wire::bytes input);
    std::size_t digest_websocket(wire::bytes input);
    void digest_payload(const wire::websocket_frame& head, wire::bytes payload);
    void deliver(wire::opcode code, wire::bytes payload);
    void opened();
    void write(wire::bytes data);
    void flush();
    void finish(wire::end_cause cause, const std::string& detail);

    socket socket_;
    byte_stream stream_;
    channel_events* owner_;
    wire::buffer input_;   // a partial frame; empty while idle
    wire::buffer output_;  // what the socket would not take yet
    struct fragments {     // a message that comes in several WebSocket frames
        wire::opcode code{};
        wire::buffer payload;
    };
    std::unique_ptr<fragments> fragments_;
    std::unique_ptr<opening> opening_;
    std::size_t body_limit_{wire::unauthenticated_body_max};
    stage stage_;
    wire::role role_;
    bool websocket_{};
    bool messages_{};  // a client of another make
    bool reading_{};
    bool writing_{};
    bool failed_{};  // a write told how it ended; the loop is about to tell the owner
    std::uint32_t received_told_{};  // modulo 2^32: only what came since then counts
    std::uint32_t sent_told_{};
    std::uint32_t digested_{};  // messages and control frames since the owner was told
};

}  // namespace deadair::net
