#include "echo-server/transport/traffic_keys.hpp"

#include <openssl/bio.h>

#include <charconv>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>

#include "echo-server/transport/secret_memory.hpp"

namespace deadair::net {

namespace {

// What OpenSSL told of one direction.
struct noted_direction {
    std::array<std::byte, records::secret_max> secret{};
    std::size_t secret_size{};
    std::uint64_t bytes{};    // since the beginning
    std::uint64_t headers{};  // since this secret
    std::uint64_t sealed{};   // the same, of records that it protected
};

struct notes : in_secret_memory<notes> {
    noted_direction incoming;
    noted_direction outgoing;
    bool updated{};  // which the key log does not tell
};

void forget(void* /*of*/, void* kept, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*unused*/,
            void* /*unused*/)
{
    delete static_cast<notes*>(kept);
}

int index_of_notes()
{
    static const int index =
        CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, nullptr, nullptr, &forget);
    return index;
}

notes* find_notes(const SSL* of)
{
    return static_cast<notes*>(SSL_get_ex_data(of, index_of_notes()));
}

// Null for want of memory: that connection just stays with OpenSSL.
notes* notes_of(SSL* of)
{
    if (auto* const kept = find_notes(of))
        return kept;
    std::unique_ptr<notes> fresh{new (std::nothrow) notes};
    if (!fresh || SSL_set_ex_data(of, index_of_notes(), fresh.get()) != 1)
        return nullptr;
    return fresh.release();
}

// "LABEL CLIENT_RANDOM SECRET", the last two in hex. Source: the NSS key log format.
void note_secret(const SSL* of, const char* line)
{
    const std::string_view text{line};
    const bool clients = text.starts_with("CLIENT_TRAFFIC_SECRET_0 ");
    if (!clients && !text.starts_with("SERVER_TRAFFIC_SECRET_0 "))
        return;
    auto* const kept = notes_of(const_cast<SSL*>(of));
    if (kept == nullptr)
        return;
    const auto hex = text.substr(text.rfind(' ') + 1);
    const bool incoming = clients == (SSL_is_server(of) == 1);
    auto& of_it = incoming ? kept->incoming : kept->outgoing;
    if (hex.size() > 2 * of_it.secret.size())
        return;
    of_it.secret_size = hex.size() / 2;
    for (std::size_t i = 0; i < of_it.secret_size; ++i) {
        unsigned value = 0;
        std::from_chars(hex.data() + 2 * i, hex.data() + 2 * i + 2, value, 16);
        of_it.secret[i] = static_cast<std::byte>(value);
    }
    // From the first record that it protects.
    of_it.headers = of_it.sealed = 0;
}

void note_record(int outgoing, int /*version*/, int what, const void* said, std::size_t size,
                 SSL* of, void* /*unused*/)
{
    auto* const kept = notes_of(of);
    if (kept == nullptr)
        return;
    auto& direction = outgoing != 0 ? kept->outgoing : kept->incoming;
    const auto* const bytes = static_cast<const unsigned char*>(said);
    if (what == SSL3_RT_HEADER && size == records::header_size) {
        ++direction.headers;
        direction.bytes += size + bytes[3] * std::size_t{0x100} + bytes[4];
    }
    if (what == SSL3_RT_INNER_CONTENT_TYPE)
        ++direction.sealed;
    if (what == SSL3_RT_HANDSHAKE && size > 0 && bytes[0] == SSL3_MT_KEY_UPDATE)
        kept->updated = true;
}

bool accounts_for(const noted_direction& noted, std::uint64_t bytes, records::suite by)
{
    return noted.secret_size == records::secret_size(by) && noted.bytes == bytes &&
           noted.headers == noted.sealed;
}

bool between_records(SSL* of)
{
    return SSL_version(of) == TLS1_3_VERSION && SSL_is_init_finished(of) == 1 &&
           SSL_get_shutdown(of) == 0 && SSL_has_pending(of) == 0 &&
           SSL_SESSION_get_max_fragment_length(SSL_get0_session(of)) ==
               TLSEXT_max_fragment_length_DISABLED &&
           BIO_get_ktls_send(SSL_get_wbio(of)) == 0 && BIO_get_ktls_recv(SSL_get_rbio(of)) == 0;
}

records::traffic traffic_of(const noted_direction& noted, records::suite by)
{
    return {by, wire::bytes{noted.secret}.first(noted.secret_size), noted.sealed};
}

}  // namespace

void note_traffic_keys(SSL_CTX* of)
{
    if (index_of_notes() < 0)
        throw std::runtime_error("TLS cannot be set up: OpenSSL keeps nothing beside a connection");
    SSL_CTX_set_keylog_callback(of, &note_secret);
    SSL_CTX_set_msg_callback(of, &note_record);
}

std::optional<records::record_layer> take_over(SSL* from)
{
    const auto* const kept = find_notes(from);
    if (kept == nullptr || kept->updated || !between_records(from))
        return std::nullopt;
    const auto by = records::suite_of(SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(from)));
    if (!by || !accounts_for(kept->incoming, BIO_number_read(SSL_get_rbio(from)), *by) ||
        !accounts_for(kept->outgoing, BIO_number_written(SSL_get_wbio(from)), *by))
        return std::nullopt;
    return std::optional<records::record_layer>{
        std::in_place, SSL_is_server(from) == 1 ? wire::role::server : wire::role::client,
        traffic_of(kept->incoming, *by), traffic_of(kept->outgoing, *by)};
}

}  // namespace deadair::net
