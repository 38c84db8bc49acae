#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace deadair::echo_server {

struct x509_free {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
struct key_free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

/// The server's key pair, ECDSA P-256, with a certificate that it signed itself.
struct identity {
    std::unique_ptr<X509, x509_free> certificate;
    std::unique_ptr<EVP_PKEY, key_free> key;
};

/// Reads `identity.pem` in the state directory, or makes it at the first start (mode 0600).
/// @throws std::runtime_error with one sentence that names the file and the way out.
identity load_or_make_identity(const std::filesystem::path& state_dir);

}  // namespace deadair::echo_server
