#pragma once

#include "echo-server/wire/messages.hpp"

/// Mutual proof that both ends know the token, without sending it: HMAC-SHA-256 (RFC 2104)
/// over both nonces and what names this TLS channel and no other.
namespace deadair::wire {

/// The TLS exporter value of RFC 9266 (`tls-exporter`); all zero where the channel is not bound.
using channel_binding = std::array<std::byte, 32>;

struct exchange {
    nonce client_nonce{};
    nonce server_nonce{};
    channel_binding binding{};
};

digest prove_client(bytes token, const exchange& said);
digest prove_server(bytes token, const exchange& said);

/// Takes the same time whatever differs.
bool same(const digest& left, const digest& right);

}  // namespace deadair::wire
