#pragma once

#include <openssl/x509.h>

#include <string>

namespace deadair::net {

/// "sha256:HEX" of the certificate's public key (SubjectPublicKeyInfo, DER): what a prober pins,
/// as in RFC 7469. It stays the same when the certificate is renewed with the same key.
std::string pin_of(X509* certificate);

}  // namespace deadair::net
