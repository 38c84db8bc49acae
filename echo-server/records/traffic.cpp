#include "echo-server/records/traffic.hpp"

#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>
#include <string>

#include "analysis/words/assertion.hpp"

namespace deadair::records {

namespace {

// Once for the process: OpenSSL looks names up at some cost.
EVP_KDF* key_derivation()
{
    static const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> fetched{
        EVP_KDF_fetch(nullptr, "TLS13-KDF", nullptr), &EVP_KDF_free};
    return fetched.get();
}

OSSL_PARAM octets(const char* name, const void* value, std::size_t size)
{
    // OpenSSL reads it only; one type serves it for both ways.
    return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(value), size);
}

}  // namespace

bool expand_label(suite by, wire::bytes secret, std::string_view label, std::span<std::byte> into)
{
    // A context of its own for each: OpenSSL wipes the secret in it when it is freed.
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{
        EVP_KDF_CTX_new(key_derivation()), &EVP_KDF_CTX_free};
    if (!context)
        return false;
    std::string digest = by == suite::aes_256_gcm_sha384 ? "SHA384" : "SHA256";
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    constexpr std::string_view prefix = "tls13 ";
    const std::array settings{
        OSSL_PARAM_construct_int("mode", &mode),
        OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0),
        octets("key", secret.data(), secret.size()),
        octets("prefix", prefix.data(), prefix.size()),
        octets("label", label.data(), label.size()),
        OSSL_PARAM_construct_end(),
    };
    return EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(into.data()), into.size(),
                          settings.data()) == 1;
}

record_key::~record_key()
{
    OPENSSL_cleanse(key.data(), key.size());
    OPENSSL_cleanse(nonce.data(), nonce.size());
}

traffic::traffic(suite by, wire::bytes secret, std::uint64_t records)
    : records_{records & records_most}, by_{static_cast<std::uint16_t>(by)}
{
    assert_that(secret.size() == secret_size(by), "a traffic secret is as long as its hash");
    assert_that(records <= records_most, "no secret has protected more records than it may");
    std::copy(secret.begin(), secret.end(), secret_.begin());
}

traffic::traffic(traffic&& from) noexcept
    : secret_{from.secret_}, records_{from.records_}, by_{from.by_}
{
    from.records_ = records_most;
    OPENSSL_cleanse(from.secret_.data(), from.secret_.size());
}

traffic::~traffic()
{
    OPENSSL_cleanse(secret_.data(), secret_.size());
}

bool traffic::next(record_key& into)
{
    assert_that(records_ < records_most, "no number protects two records under one key");
    // Before anything can fail: a number that was handed out is gone.
    const std::uint64_t number = records_;
    records_ = (number + 1) & records_most;
    if (!expand_label(by(), secret(), "key", std::span{into.key}.first(key_size(by()))) ||
        !expand_label(by(), secret(), "iv", into.nonce))
        return false;
    // RFC 8446, section 5.3: the number, padded on the left, into the IV.
    const auto padded = wire::big_endian(number);
    for (std::size_t i = 0; i < padded.size(); ++i)
        into.nonce[nonce_size - padded.size() + i] ^= padded[i];
    return true;
}

bool traffic::update()
{
    std::array<std::byte, secret_max> fresh{};
    const auto room = std::span{fresh}.first(secret_size(by()));
    const bool done = expand_label(by(), secret(), "traffic upd", room);
    if (done) {
        std::copy(room.begin(), room.end(), secret_.begin());
        records_ = 0;
    }
    OPENSSL_cleanse(fresh.data(), fresh.size());
    return done;
}

}  // namespace deadair::records
