#include "echo-server/transport/byte_stream.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <new>

#include "echo-server/transport/traffic_keys.hpp"

namespace deadair::net {

namespace {

// What OpenSSL says first is the cause; the rest of its queue is consequence.
std::string tls_error(SSL* ssl)
{
    const auto code = ERR_get_error();
    if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED)
        return std::string{"the server's certificate cannot be trusted ("} +
               X509_verify_cert_error_string(SSL_get_verify_result(ssl)) +
               "); give its --pin, or its authority with --ca-file";
    const char* reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "TLS failed";
}

}  // namespace

void byte_stream::secure(ssl_ptr ssl)
{
    ssl_ = std::move(ssl);
    SSL_set_fd(ssl_.get(), plain_.socket);
}

step byte_stream::handshake()
{
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? step{} : explain(result);
}

step byte_stream::read_some(std::span<std::byte> into)
{
    if (hibernated_)
        return hibernated_->read_some(plain_, into);
    if (!ssl_)
        return plain_.read_some(into);
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
    return result == 1 ? step{.what = progress::done, .transferred = count} : explain(result);
}

step byte_stream::write_some(wire::bytes from)
{
    if (hibernated_)
        return hibernated_->write_some(plain_, from);
    if (!ssl_)
        return plain_.write_some(from);
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(ssl_.get(), from.data(), from.size(), &count);
    return result == 1 ? step{.what = progress::done, .transferred = count} : explain(result);
}

void byte_stream::shut_down()
{
    if (hibernated_)
        return hibernated_->shut_down(plain_);
    if (ssl_ && SSL_is_init_finished(ssl_.get()) != 0) {
        ERR_clear_error();
        (void)SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
}

void byte_stream::hibernate()
{
    if (!ssl_)
        return;
    auto keys = take_over(ssl_.get());
    if (!keys)
        return;
    hibernated_.reset(new (std::nothrow) hibernated_tls{std::move(*keys)});
    if (!hibernated_)
        return;
    plain_.received = BIO_number_read(SSL_get_rbio(ssl_.get()));
    plain_.sent = BIO_number_written(SSL_get_wbio(ssl_.get()));
    // As if both had said close_notify; else OpenSSL takes the session for a broken one, which
    // must not be resumed.
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    ssl_.reset();
}

std::uint64_t byte_stream::received() const
{
    return ssl_ ? BIO_number_read(SSL_get_rbio(ssl_.get())) : plain_.received;
}

std::uint64_t byte_stream::sent() const
{
    return ssl_ ? BIO_number_written(SSL_get_wbio(ssl_.get())) : plain_.sent;
}

step byte_stream::explain(int result)
{
    const int error = errno;
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {.what = progress::want_read};
        case SSL_ERROR_WANT_WRITE:
            return {.what = progress::want_write};
        case SSL_ERROR_ZERO_RETURN:
            return ended(wire::end_cause::closed, "the peer closed the TLS connection");
        case SSL_ERROR_SYSCALL:
            if (error == 0)
                return ended(wire::end_cause::closed, "the peer closed the connection");
            return ended_by_errno(error);
        default:
            return ended(wire::end_cause::broken, tls_error(ssl_.get()));
    }
}

}  // namespace deadair::net
