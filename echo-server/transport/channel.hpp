#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "echo-server/transport/byte_stream.hpp"
#include "echo-server/transport/channel_events.hpp"
#include "echo-server/transport/client_options.hpp"
#include "echo-server/wire/limits.hpp"

namespace deadair::net {

/// One connection of any transport, in either role, on one thread. It decides nothing, sends
/// nothing by itself but what RFC 6455 demands as answer, and while idle holds no buffer: one
/// pending wait for readability is all. Callbacks, not coroutines, because the frames of three
/// nested coroutines would cost more than all the rest of an idle TCP connection.
class channel : public std::enable_shared_from_this<channel> {
public:
    using client_options = net::client_options;

    /// A server's end: tells the transport by the first bytes.
    static std::shared_ptr<channel> accept(socket accepted, SSL_CTX* context,
                                           channel_events& owner);
    /// A client's end; `on_open` or `on_end` follows.
    static std::shared_ptr<channel> connect(const executor& on, const tcp::endpoint& to,
                                            client_options options, channel_events& owner);

    channel(socket opened, wire::role as, channel_events& owner);
    ~channel();

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
    /// Closes with a FIN and no other word. No event follows.
    void abandon();
    /// Closes with a reset. No event follows.
    void abort();

    void accept_bodies_up_to(std::size_t limit) { body_limit_ = limit; }
    /// From now on keeps of TLS only the keys while it waits, where it can; then `ssl` is null.
    void hibernate_when_idle() { hibernates_ = true; }

    bool is_open() const;
    transport kind() const;
    wire::socket_facts facts();
    SSL* ssl() const { return stream_.ssl(); }
    tcp::endpoint local() const;
    tcp::endpoint remote() const;
    int native_socket() { return socket_.native_handle(); }

private:
    enum class stage : std::uint8_t;
    struct opening;    // what only the way to `open` needs
    struct fragments;  // a message that comes in several WebSocket frames

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
    std::unique_ptr<fragments> fragments_;
    std::unique_ptr<opening> opening_;
    std::size_t body_limit_{wire::unauthenticated_body_max};
    stage stage_;
    wire::role role_;
    bool websocket_{};
    bool messages_{};    // a client of another make
    bool undigested_{};  // `input_` holds whole units, for which the turn was too short
    bool hibernates_{};
    bool reading_{};
    bool writing_{};
    bool failed_{};  // a write told how it ended; the loop is about to tell the owner
    std::uint32_t received_told_{};  // modulo 2^32: only what came since then counts
    std::uint32_t sent_told_{};
    std::uint32_t digested_{};  // messages and control frames since the owner was told
};

}  // namespace deadair::net
