// A channel's first steps: is it TLS, and the handshake.
#include "echo-server/transport/channel_opening.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "echo-server/transport/channel.hpp"
#include "echo-server/transport/socket.hpp"
#include "echo-server/wire/first_bytes.hpp"

namespace deadair::net {

bool channel::peek()
{
    std::byte first{};
    const auto count = ::recv(socket_.native_handle(), &first, 1, MSG_PEEK);
    if (count == 1 && wire::opening_of(first) == wire::opening::tls)
        return peek_hello();
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        wait(tcp::socket::wait_read);
        return false;
    }
    stage_ = stage::detecting;  // plain bytes, an end or an error: the read will tell
    return true;
}

// TLS begins when its first record is there as a whole: before, a stranger who goes no further
// costs the 30 KiB and more that OpenSSL takes for a handshake.
bool channel::peek_hello()
{
    std::array<std::byte, wire::client_hello_max + wire::tls_record_header_size> room;
    const std::span<std::byte> space{room};
    if (!peek_at_least(space.first(wire::tls_head_size)))
        return false;
    const auto size =
        wire::first_record_size(space.first(wire::tls_head_size), wire::client_hello_max);
    if (!size) {
        finish(wire::end_cause::broken, "the TLS hello is longer than it may be");
        return false;
    }
    return peek_at_least(space.first(*size)) && begin_tls();
}

// The kernel wakes us when all of it is there, or when no more can come.
bool channel::peek_at_least(std::span<std::byte> into)
{
    const int here = socket_.native_handle();
    const auto count = ::recv(here, into.data(), into.size(), MSG_PEEK);
    if (count == static_cast<ssize_t>(into.size()))
        return true;
    if (std::exchange(opening_->awaited, into.size()) == into.size()) {
        finish(wire::end_cause::closed, "the peer closed the connection in its TLS hello");
        return false;
    }
    wake_at(here, into.size());
    wait(tcp::socket::wait_read);
    return false;
}

bool channel::begin_tls()
{
    wake_at(socket_.native_handle(), 1);
    auto ssl = make_server_ssl(opening_->options.context);
    if (!ssl) {
        finish(wire::end_cause::broken, "no memory for TLS");
        return false;
    }
    stream_.secure(std::move(ssl));
    stage_ = stage::securing;
    return true;
}

bool channel::secure_further()
{
    const auto taken = stream_.handshake();
    acknowledge_now(socket_.native_handle());
    tell_received();
    tell_sent();
    if (stage_ == stage::ended || !heed(taken))
        return false;
    secured();
    return true;
}

void channel::secured()
{
    if (role_ == wire::role::server) {
        stage_ = stage::detecting;
        return;
    }
    if (auto reason = owner_->on_secured(stream_.ssl()); !reason.empty())
        return finish(wire::end_cause::broken, reason);
    if (stage_ == stage::ended)
        return;
    if (is_websocket(opening_->options.kind))
        request_upgrade();
    else
        opened();
}

}  // namespace deadair::net
