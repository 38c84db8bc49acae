#include "echo-server/wire/proof.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace deadair::wire {

namespace {

// The role's name goes in first, so that one end's proof is never the other's.
digest prove(std::string_view role, bytes token, const exchange& said)
{
    buffer text;
    writer{text}.text(role).raw(said.client_nonce).raw(said.server_nonce).raw(said.binding);
    digest result{};
    unsigned length = 0;
    const auto* done = HMAC(EVP_sha256(), token.data(), static_cast<int>(token.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                            reinterpret_cast<unsigned char*>(result.data()), &length);
    if (done == nullptr || length != result.size())
        throw std::runtime_error("OpenSSL could not compute an HMAC-SHA-256");
    return result;
}

}  // namespace

digest prove_client(bytes token, const exchange& said)
{
    return prove("deadair 1 client", token, said);
}

digest prove_server(bytes token, const exchange& said)
{
    return prove("deadair 1 server", token, said);
}

bool same(const digest& left, const digest& right)
{
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace deadair::wire
