#include "echo-server/records/aead.hpp"

#include <openssl/evp.h>

#include <memory>

namespace deadair::records {

namespace {

struct cipher_free {
    void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using cipher_ptr = std::unique_ptr<EVP_CIPHER, cipher_free>;
// For one record: OpenSSL wipes the key in it when it is freed.
using context_ptr = std::unique_ptr<EVP_CIPHER_CTX, cipher_free>;

cipher_ptr fetch(const char* name)
{
    return cipher_ptr{EVP_CIPHER_fetch(nullptr, name, nullptr)};
}

// Once for the process: OpenSSL looks names up at some cost.
const EVP_CIPHER* cipher_of(suite by)
{
    static const auto aes_128 = fetch("AES-128-GCM");
    static const auto aes_256 = fetch("AES-256-GCM");
    static const auto chacha20 = fetch("ChaCha20-Poly1305");
    switch (by) {
        case suite::aes_128_gcm_sha256:
            return aes_128.get();
        case suite::aes_256_gcm_sha384:
            return aes_256.get();
        case suite::chacha20_poly1305_sha256:
            return chacha20.get();
    }
    return nullptr;
}

const unsigned char* raw(wire::bytes from)
{
    return reinterpret_cast<const unsigned char*>(from.data());
}

unsigned char* raw(std::span<std::byte> from)
{
    return reinterpret_cast<unsigned char*>(from.data());
}

// Sets key, nonce and what is authenticated; null for want of memory.
context_ptr begin(suite by, const record_key& with, wire::bytes header, bool sealing)
{
    context_ptr context{EVP_CIPHER_CTX_new()};
    int ignored = 0;
    const bool begun =
        context &&
        EVP_CipherInit_ex(context.get(), cipher_of(by), nullptr, raw(wire::bytes{with.key}),
                          raw(wire::bytes{with.nonce}), sealing ? 1 : 0) == 1 &&
        EVP_CipherUpdate(context.get(), nullptr, &ignored, raw(header),
                         static_cast<int>(header.size())) == 1;
    return begun ? std::move(context) : nullptr;
}

bool transform(EVP_CIPHER_CTX* context, std::span<std::byte> text)
{
    int moved = 0;
    return EVP_CipherUpdate(context, raw(text), &moved, raw(wire::bytes{text}),
                            static_cast<int>(text.size())) == 1;
}

bool end(EVP_CIPHER_CTX* context)
{
    std::array<unsigned char, tag_size> nothing{};  // neither cipher holds bytes back
    int moved = 0;
    return EVP_CipherFinal_ex(context, nothing.data(), &moved) == 1;
}

}  // namespace

bool seal(suite by, const record_key& with, wire::bytes header, std::span<std::byte> content)
{
    const auto text = content.first(content.size() - tag_size);
    const auto context = begin(by, with, header, true);
    return context && transform(context.get(), text) && end(context.get()) &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size,
                               content.last(tag_size).data()) == 1;
}

opening open(suite by, const record_key& with, wire::bytes header, std::span<std::byte> content)
{
    const auto text = content.first(content.size() - tag_size);
    const auto context = begin(by, with, header, false);
    if (!context || !transform(context.get(), text) ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size,
                            content.last(tag_size).data()) != 1)
        return opening::no_memory;
    return end(context.get()) ? opening::opened : opening::forged;
}

}  // namespace deadair::records
