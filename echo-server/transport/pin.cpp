#include "echo-server/transport/pin.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "echo-server/wire/token.hpp"

namespace deadair::net {

std::string pin_of(X509* certificate)
{
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    const auto release = [](unsigned char* memory) { OPENSSL_free(memory); };
    const std::unique_ptr<unsigned char, decltype(release)> kept{der, release};
    if (size <= 0)
        throw std::runtime_error("the certificate holds no public key that OpenSSL can read");
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(der, static_cast<std::size_t>(size), digest.data());
    return "sha256:" + wire::to_hex(std::as_bytes(std::span{digest}));
}

}  // namespace deadair::net
