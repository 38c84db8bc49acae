// A channel's first steps: connecting, is it TLS, and the handshake.
#include "echo-server/transport/channel_state.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "echo-server/transport/channel.hpp"
#include "echo-server/transport/socket.hpp"
#include "echo-server/wire/first_bytes.hpp"

namespace deadair::net {

std::shared_ptr<channel> channel::accept(socket accepted, SSL_CTX* context, channel_events& owner)
{
    auto made = std::make_shared<channel>(std::move(accepted), wire::role::server, owner);
    made->opening_ = std::make_unique<opening>();
    SSL_CTX_up_ref(context);
    made->opening_->shown.reset(context);
    make_silent(made->socket_.native_handle());
    boost::system::error_code ignored;
    made->socket_.non_blocking(true, ignored);
    made->wait(tcp::socket::wait_read);
    return made;
}

std::shared_ptr<channel> channel::connect(const executor& on, const tcp::endpoint& to,
                                          client_options options, channel_events& owner)
{
    socket made_socket{on};
    boost::system::error_code error;
    made_socket.open(to.protocol(), error);
    auto made = std::make_shared<channel>(std::move(made_socket), wire::role::client, owner);
    if (error) {
        // Out of descriptors, usually. The owner hears of it as of any other failure.
        boost::asio::post(on, [made, error] { made->connected(error); });
        return made;
    }
    made->start_client(std::move(options), to);
    return made;
}

void channel::start_client(client_options options, const tcp::endpoint& to)
{
    opening_ = std::make_unique<opening>();
    opening_->options = std::move(options);
    boost::system::error_code unable;
    socket_.non_blocking(true, unable);
    make_silent(socket_.native_handle());
    if (opening_->options.from) {
        choose_port_late(socket_.native_handle());
        socket_.bind({*opening_->options.from, 0}, unable);
        if (unable) {
            boost::asio::post(socket_.get_executor(),
                              [self = shared_from_this(), unable] { self->connected(unable); });
            return;
        }
    }
    socket_.async_connect(to, [self = shared_from_this()](const boost::system::error_code& error) {
        self->connected(error);
    });
}

void channel::connected(const boost::system::error_code& error)
{
    if (stage_ != stage::connecting)
        return;
    if (error)
        return finish(cause_of(error.value()), error.message());
    acknowledge_now(socket_.native_handle());
    const auto& options = opening_->options;
    if (options.through == nullptr)
        return begin_transport();
    stage_ = stage::proxying;
    opening_->dialogue.emplace(*options.through, options.host, options.port);
    write(opening_->dialogue->begin());
    advance();
}

void channel::begin_transport()
{
    const auto& options = opening_->options;
    if (is_secured(options.kind)) {
        stream_.secure(make_client_ssl(options.context, options.host, *options.whom));
        stage_ = stage::securing;
        return advance();
    }
    if (is_websocket(options.kind))
        request_upgrade();
    else
        opened();
    advance();
}

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
    auto ssl = make_server_ssl(opening_->shown.get());
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

void channel::opened()
{
    stage_ = stage::open;
    opening_.reset();
    owner_->on_open();
}

}  // namespace deadair::net
