#include "echo-server/transport/byte_stream.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "echo-server/transport/socket.hpp"

namespace deadair::net {

namespace {

step ended(wire::end_cause cause, std::string detail)
{
    return {.what = progress::ended, .transferred = 0, .cause = cause, .detail = std::move(detail)};
}

step ended_by_errno(int error)
{
    return ended(cause_of(error), std::generic_category().message(error));
}

// What OpenSSL says first is the cause; the rest of its queue is consequence.
std::string tls_error(SSL* ssl)
{
    if (const long verdict = SSL_get_verify_result(ssl); verdict != X509_V_OK)
        return std::string{"the server's certificate cannot be trusted ("} +
               X509_verify_cert_error_string(verdict) +
               "); give its --pin, or its authority with --ca-file";
    const auto code = ERR_get_error();
    const char* reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "TLS failed";
}

}  // namespace

void byte_stream::secure(ssl_ptr ssl)
{
    ssl_ = std::move(ssl);
    SSL_set_fd(ssl_.get(), socket_);
}

step byte_stream::handshake()
{
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? step{} : explain(result);
}

step byte_stream::read_some(std::span<std::byte> into)
{
    if (ssl_) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
        return result == 1 ? step{.what = progress::done, .transferred = count} : explain(result);
    }
    const auto count = ::recv(socket_, into.data(), into.size(), 0);
    if (count > 0) {
        received_ += static_cast<std::uint64_t>(count);
        return {.what = progress::done, .transferred = static_cast<std::size_t>(count)};
    }
    if (count == 0)
        return ended(wire::end_cause::closed, "the peer closed the connection");
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return {.what = progress::want_read};
    return ended_by_errno(errno);
}

step byte_stream::write_some(wire::bytes from)
{
    if (ssl_) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_write_ex(ssl_.get(), from.data(), from.size(), &count);
        return result == 1 ? step{.what = progress::done, .transferred = count} : explain(result);
    }
    const auto count = ::send(socket_, from.data(), from.size(), MSG_NOSIGNAL);
    if (count >= 0) {
        sent_ += static_cast<std::uint64_t>(count);
        return {.what = progress::done, .transferred = static_cast<std::size_t>(count)};
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return {.what = progress::want_write};
    return ended_by_errno(errno);
}

void byte_stream::shut_down()
{
    if (ssl_ && SSL_is_init_finished(ssl_.get()) != 0) {
        ERR_clear_error();
        (void)SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
}

std::uint64_t byte_stream::received() const
{
    return ssl_ ? BIO_number_read(SSL_get_rbio(ssl_.get())) : received_;
}

std::uint64_t byte_stream::sent() const
{
    return ssl_ ? BIO_number_written(SSL_get_wbio(ssl_.get())) : sent_;
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
