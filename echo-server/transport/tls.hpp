#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "echo-server/transport/byte_stream.hpp"
#include "echo-server/wire/proof.hpp"

/// TLS as deadair needs it: 1.3 or 1.2, no session tickets (they would break the silence), and
/// buffers released while a connection is idle.
namespace deadair::net {

struct ssl_ctx_free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using tls_context = std::unique_ptr<SSL_CTX, ssl_ctx_free>;

/// @throws std::runtime_error if the key does not fit the certificate.
tls_context make_server_context(X509* certificate, EVP_PKEY* key);
/// The same with a chain, from PEM files.
tls_context make_server_context(const std::filesystem::path& certificate,
                                const std::filesystem::path& key);

/// Whom a client trusts: a pin, or certificate authorities. Never neither.
struct trust {
    std::optional<std::string> pin;                ///< "sha256:HEX", of the server's public key
    std::optional<std::filesystem::path> ca_file;  ///< PEM; else the system's roots
    bool allow_interception{};                     ///< go on when the pin does not match
};

/// @throws std::runtime_error if the CA file cannot be read.
tls_context make_client_context(const trust& whom);

/// A client's side of one connection; `host` is the name or address that was asked for.
ssl_ptr make_client_ssl(SSL_CTX* context, const std::string& host, const trust& whom);
ssl_ptr make_server_ssl(SSL_CTX* context);

/// What the peer's certificate says about who opens TLS on this path.
struct peer_identity {
    bool pin_matches{};
    std::string pin;     ///< of the key that was seen
    std::string issuer;  ///< of the certificate that was seen
};
peer_identity identity_of(SSL* ssl, const trust& whom);

/// Whether what is said can be bound to this channel: TLS 1.3, or 1.2 with the extended master
/// secret (RFC 9266, section 3). Without it two channels can have one secret (RFC 7627).
bool can_bind(const SSL* ssl);
/// RFC 9266. @throws std::runtime_error where `can_bind` is false.
wire::channel_binding binding_of(SSL* ssl);

}  // namespace deadair::net
