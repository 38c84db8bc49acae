#pragma once

#include <openssl/ec.h>
#include <openssl/x509.h>

#include "echo-server/transport/tls.hpp"
#include "echo-server/transport/traffic_keys.hpp"

namespace deadair::net {

/// What both ends of all connections share.
class tls_contexts {
public:
    tls_contexts()
    {
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"),
                                                                      &EVP_PKEY_free};
        const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), &X509_free};
        constexpr long hour = 3600;
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), hour);
        X509_set_pubkey(certificate.get(), key.get());
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        server_ = make_server_context(certificate.get(), key.get());
        client_ = make_client_context(whom_);
        note_traffic_keys(server_.get());
        note_traffic_keys(client_.get());
    }

    SSL_CTX* server() { return server_.get(); }
    SSL_CTX* client() { return client_.get(); }
    ssl_ptr client_ssl() { return make_client_ssl(client_.get(), "127.0.0.1", whom_); }

private:
    trust whom_{.pin = "sha256:any", .ca_file = {}, .allow_interception = true};
    tls_context server_;
    tls_context client_;
};

}  // namespace deadair::net
