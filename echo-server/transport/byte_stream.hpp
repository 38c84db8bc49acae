#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>

#include "echo-server/transport/hibernated_tls.hpp"
#include "echo-server/transport/plain_stream.hpp"

namespace deadair::net {

struct ssl_free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_free>;

/// Bytes over a non-blocking socket, plain or TLS. OpenSSL works on the socket itself: an idle
/// TLS connection keeps about 14 KiB this way instead of 64 with `asio::ssl::stream`, and 0.2 once
/// it hibernates. Does not own the socket. Never blocks.
class byte_stream {
public:
    explicit byte_stream(int socket) : plain_{.socket = socket} {}

    /// Starts TLS on the socket; `handshake` follows. `ssl` has its role set.
    void secure(ssl_ptr ssl);
    bool secured() const { return ssl_ || hibernated_; }
    step handshake();
    step read_some(std::span<std::byte> into);
    step write_some(wire::bytes from);
    /// Sends close_notify if the handshake was completed; does not wait for the peer's.
    void shut_down();

    /// Lets go of OpenSSL's object and keeps the keys, if this is TLS 1.3 and `note_traffic_keys`
    /// was said of its context. Nothing happens where it cannot be, as long as a record is there
    /// in part, or a second time. No pointer that `ssl` gave is good any more then.
    void hibernate();

    /// Bytes in TCP's payload since the beginning, TLS's own included.
    std::uint64_t received() const;
    std::uint64_t sent() const;

    /// Null without TLS, and once it hibernates.
    SSL* ssl() const { return ssl_.get(); }

private:
    step explain(int result);

    plain_stream plain_;  // counts where OpenSSL does not
    ssl_ptr ssl_;
    std::unique_ptr<hibernated_tls> hibernated_;
};

}  // namespace deadair::net
