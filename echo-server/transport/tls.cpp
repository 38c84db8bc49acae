#include "echo-server/transport/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <csignal>
#include <stdexcept>

#include "echo-server/transport/pin.hpp"
#include "echo-server/wire/key_shares.hpp"

namespace deadair::net {

namespace {

std::string openssl_reason()
{
    const char* reason = ERR_reason_error_string(ERR_get_error());
    return reason != nullptr ? reason : "OpenSSL gives no reason";
}

// Forward secrecy and authenticated encryption only. Short lists, because the server keeps what the
// client offered for as long as the connection lives: with OpenSSL's own lists 0.4 KiB more.
// AES-128 first: its state and its handshake cost less than AES-256's.
constexpr const char* tls13_ciphers =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* tls12_ciphers = "ECDHE+AESGCM";
constexpr const char* signatures =
    "ECDSA+SHA256:ECDSA+SHA384:ed25519:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:"
    "RSA+SHA256:RSA+SHA384:RSA+SHA512";

// As wire::key_groups. More of them, and slower ones, would serve nobody but attackers.
constexpr const char* server_groups = "X25519:P-256:P-384";

// For want of a key share OpenSSL would ask for another hello (RFC 8446, section 4.1.4), and take
// up to 128 KiB for it as soon as its length is known. Everybody sends a share of these groups.
int heed_hello(SSL* ssl, int* alert, void* /*unused*/)
{
    const unsigned char* shares = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_key_share, &shares, &size) != 1 ||
        wire::has_key_share(std::as_bytes(std::span{shares, size}), wire::key_groups))
        return SSL_CLIENT_HELLO_SUCCESS;
    ERR_raise(ERR_LIB_SSL, SSL_R_NO_SUITABLE_KEY_SHARE);
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    return SSL_CLIENT_HELLO_ERROR;
}

tls_context make_context(const SSL_METHOD* method)
{
    // OpenSSL writes with write(2), which raises SIGPIPE where the peer is gone already.
    std::signal(SIGPIPE, SIG_IGN);
    tls_context context{SSL_CTX_new(method)};
    if (!context)
        throw std::runtime_error("TLS cannot be set up: " + openssl_reason());
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    if (SSL_CTX_set_ciphersuites(context.get(), tls13_ciphers) != 1 ||
        SSL_CTX_set_cipher_list(context.get(), tls12_ciphers) != 1 ||
        SSL_CTX_set1_sigalgs_list(context.get(), signatures) != 1)
        throw std::runtime_error("TLS cannot be set up: " + openssl_reason());
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Each record is a turn of its own: a flood of key updates must not hold up the others.
    SSL_CTX_clear_mode(context.get(), SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                           SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    return context;
}

tls_context make_bare_server_context()
{
    auto context = make_context(TLS_server_method());
    SSL_CTX_set_num_tickets(context.get(), 0);
    if (SSL_CTX_set1_groups_list(context.get(), server_groups) != 1)
        throw std::runtime_error("TLS cannot be set up: " + openssl_reason());
    SSL_CTX_set_client_hello_cb(context.get(), &heed_hello, nullptr);
    return context;
}

bool is_address(const std::string& host)
{
    ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str());
    const bool is = address != nullptr;
    ASN1_OCTET_STRING_free(address);
    return is;
}

}  // namespace

tls_context make_server_context(X509* certificate, EVP_PKEY* key)
{
    auto context = make_bare_server_context();
    if (SSL_CTX_use_certificate(context.get(), certificate) != 1 ||
        SSL_CTX_use_PrivateKey(context.get(), key) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1)
        throw std::runtime_error("the private key does not fit the certificate: " +
                                 openssl_reason());
    return context;
}

tls_context make_server_context(const std::filesystem::path& certificate,
                                const std::filesystem::path& key)
{
    auto context = make_bare_server_context();
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1)
        throw std::runtime_error(fmt::format("the certificate {} cannot be used: {}",
                                             certificate.string(), openssl_reason()));
    if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1)
        throw std::runtime_error(fmt::format("the private key {} does not serve {}: {}",
                                             key.string(), certificate.string(), openssl_reason()));
    return context;
}

tls_context make_client_context(const trust& whom)
{
    auto context = make_context(TLS_client_method());
    if (whom.pin) {
        // The pin is compared after the handshake, so that a mismatch can name what was seen.
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
        return context;
    }
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    const bool loaded = whom.ca_file
                            ? SSL_CTX_load_verify_file(context.get(), whom.ca_file->c_str()) == 1
                            : SSL_CTX_set_default_verify_paths(context.get()) == 1;
    if (!loaded)
        throw std::runtime_error(fmt::format(
            "the certificate authorities in {} cannot be read: {}",
            whom.ca_file ? whom.ca_file->string() : "the system's store", openssl_reason()));
    return context;
}

ssl_ptr make_client_ssl(SSL_CTX* context, const std::string& host, const trust& whom)
{
    ssl_ptr ssl{SSL_new(context)};
    if (!ssl)
        throw std::runtime_error("TLS cannot be started: " + openssl_reason());
    SSL_set_connect_state(ssl.get());
    const bool address = is_address(host);
    if (!address)
        SSL_set_tlsext_host_name(ssl.get(), host.c_str());
    if (!whom.pin) {
        if (address)
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str());
        else
            SSL_set1_host(ssl.get(), host.c_str());
    }
    return ssl;
}

ssl_ptr make_server_ssl(SSL_CTX* context)
{
    ssl_ptr ssl{SSL_new(context)};
    if (ssl)
        SSL_set_accept_state(ssl.get());
    return ssl;
}

peer_identity identity_of(SSL* ssl, const trust& whom)
{
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{SSL_get1_peer_certificate(ssl),
                                                                  &X509_free};
    if (!certificate)
        return {};
    std::array<char, 512> issuer{};
    X509_NAME_oneline(X509_get_issuer_name(certificate.get()), issuer.data(),
                      static_cast<int>(issuer.size()));
    auto pin = pin_of(certificate.get());
    const bool matches = !whom.pin || pin == *whom.pin;
    return {.pin_matches = matches, .pin = std::move(pin), .issuer = issuer.data()};
}

bool can_bind(const SSL* ssl)
{
    // A macro of OpenSSL's wants it without const; nothing is changed.
    return SSL_version(ssl) >= TLS1_3_VERSION || SSL_get_extms_support(const_cast<SSL*>(ssl)) == 1;
}

wire::channel_binding binding_of(SSL* ssl)
{
    if (!can_bind(ssl))
        throw std::runtime_error(
            "the server speaks TLS 1.2 without extended master secret (RFC 7627), so no proof can "
            "be bound to it; is something on the path opening TLS (then --allow-interception "
            "measures through it)?");
    constexpr std::string_view label = "EXPORTER-Channel-Binding";
    wire::channel_binding value{};
    if (SSL_export_keying_material(ssl, reinterpret_cast<unsigned char*>(value.data()),
                                   value.size(), label.data(), label.size(), nullptr, 0, 1) != 1)
        throw std::runtime_error("TLS gives no channel binding: " + openssl_reason());
    return value;
}

}  // namespace deadair::net
