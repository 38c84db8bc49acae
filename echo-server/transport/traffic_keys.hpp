#pragma once

#include <openssl/ssl.h>

#include <optional>

#include "echo-server/records/record_layer.hpp"

/// The keys of a connection, out of OpenSSL's hands: by its public API alone.
namespace deadair::net {

/// From now on OpenSSL tells of each TLS 1.3 connection of this context which traffic secrets it
/// agreed on (the key log callback), and of each record that it protected one (the message
/// callback). They stand beside the connection's SSL object, in `secret_memory`, and go with it;
/// nothing is ever written. @throws std::runtime_error
void note_traffic_keys(SSL_CTX* of);

/// What goes on without the SSL object, or nullopt where that could not go on exactly where OpenSSL
/// is: another version than TLS 1.3, a handshake that is not over, keys that were updated, a record
/// that was read or written in part, records that were not all seen, shorter records agreed on, a
/// kernel that seals them. Nothing changes; after it the SSL object may neither read nor write.
std::optional<records::record_layer> take_over(SSL* from);

}  // namespace deadair::net
