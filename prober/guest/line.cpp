#include "prober/guest/line.hpp"

#include <boost/asio/post.hpp>
#include <string_view>
#include <utility>

#include "echo-server/transport/socket.hpp"

namespace deadair::prober {

namespace {

// One for all lines: each read is digested before the next.
thread_local std::array<std::byte, std::size_t{16} * 1024> scratch;
// A server that speaks without end keeps the others waiting for no longer than so many reads.
constexpr int reads_in_a_turn = 16;

net::socket open_socket(boost::asio::io_context& io, const net::tcp::endpoint& to)
{
    net::socket made{io.get_executor()};
    boost::system::error_code unable;  // connect tells it
    made.open(to.protocol(), unable);
    return made;
}

}  // namespace

line::line(boost::asio::io_context& io, const host& at, address_family family, dialogue::fresh own,
           line_events& owner)
    : at_{at},
      own_{std::move(own)},
      owner_{&owner},
      remote_{at.where.endpoint(family, at.port)},
      socket_{open_socket(io, remote_)},
      stream_{socket_.native_handle()},
      timer_{io}
{
}

void line::open()
{
    boost::system::error_code unable;
    socket_.non_blocking(true, unable);
    net::make_silent(socket_.native_handle());
    socket_.async_connect(remote_,
                          [self = shared_from_this()](const boost::system::error_code& error) {
                              self->connected(error);
                          });
}

void line::connected(const boost::system::error_code& error)
{
    if (stage_ == stage::ended)
        return;
    if (error)
        return finish(net::cause_of(error.value()), error.message());
    boost::system::error_code ignored;
    local_ = socket_.local_endpoint(ignored);
    net::acknowledge_now(socket_.native_handle());
    if (const auto* const through = at_.where.proxy()) {
        stage_ = stage::proxying;
        proxy_.emplace(*through, at_.where.host, at_.port);
        write(proxy_->begin());
        return advance();
    }
    begin();
}

void line::begin()
{
    if (at_.secured)
        secure();
    else
        talk();
    advance();
}

void line::secure()
{
    stage_ = stage::securing;
    auto ssl = net::make_client_ssl(at_.where.context, at_.where.host, at_.where.whom);
    constexpr std::string_view http_1{"\x08http/1.1"};
    if (at_.speaks == dialogue::language::http || at_.speaks == dialogue::language::websocket)
        SSL_set_alpn_protos(ssl.get(), reinterpret_cast<const unsigned char*>(http_1.data()),
                            http_1.size());
    stream_.secure(std::move(ssl));
}

void line::abort()
{
    stage_ = stage::ended;
    timer_.cancel();
    if (socket_.is_open())
        net::reset_on_close(socket_.native_handle());
    boost::system::error_code ignored;
    socket_.close(ignored);
}

socket_facts line::facts()
{
    return socket_.is_open() ? net::facts_of(socket_.native_handle()) : socket_facts{};
}

void line::wait(net::tcp::socket::wait_type what)
{
    bool& pending = what == net::tcp::socket::wait_read ? reading_ : writing_;
    if (stage_ == stage::ended || std::exchange(pending, true))
        return;
    socket_.async_wait(what, [self = shared_from_this(), what](const boost::system::error_code& e) {
        (what == net::tcp::socket::wait_read ? self->reading_ : self->writing_) = false;
        if (e || self->stage_ == stage::ended)
            return;
        if (what == net::tcp::socket::wait_write)
            self->flush();
        self->advance();
    });
}

void line::advance()
{
    const auto self = shared_from_this();
    for (int read = 0; read < reads_in_a_turn; ++read)
        if (!go_on())
            return;
    boost::asio::post(socket_.get_executor(), [self] { self->advance(); });
}

// True when there may be more to do at once.
bool line::go_on()
{
    if (failed_ || stage_ == stage::connecting || stage_ == stage::ended)
        return false;
    if (stage_ == stage::securing) {
        const auto taken = stream_.handshake();
        net::acknowledge_now(socket_.native_handle());
        if (!heed(taken))
            return false;
        if (!net::identity_of(stream_.ssl(), at_.where.whom).pin_matches) {
            finish(wire::end_cause::broken, "the server's key is not the pinned one");
            return false;
        }
        talk();
        return true;
    }
    const auto taken = stream_.read_some(scratch);
    net::acknowledge_now(socket_.native_handle());
    if (taken.what == net::progress::done) {
        input_.insert(input_.end(), scratch.begin(),
                      scratch.begin() + static_cast<std::ptrdiff_t>(taken.transferred));
        digest();
    }
    return stage_ != stage::ended && heed(taken);
}

bool line::heed(const net::step& taken)
{
    switch (taken.what) {
        case net::progress::done:
            return true;
        case net::progress::want_read:
            wait(net::tcp::socket::wait_read);
            return false;
        case net::progress::want_write:
            wait(net::tcp::socket::wait_write);
            return false;
        case net::progress::ended:
            finish(taken.cause, taken.detail);
            return false;
    }
    return false;
}

void line::write(wire::bytes data)
{
    if (stage_ == stage::ended)
        return;
    output_.insert(output_.end(), data.begin(), data.end());
    flush();
}

void line::flush()
{
    while (!output_.empty()) {
        const auto taken = stream_.write_some(output_);
        if (taken.what == net::progress::ended) {
            // The kernel tells an error once: a read would take the end for an orderly one.
            failed_ = true;
            boost::asio::post(socket_.get_executor(), [self = shared_from_this(), taken] {
                self->finish(taken.cause, taken.detail);
            });
        }
        if (taken.what != net::progress::done)
            break;
        output_.erase(output_.begin(),
                      output_.begin() + static_cast<std::ptrdiff_t>(taken.transferred));
    }
    if (!output_.empty() && !failed_)
        wait(net::tcp::socket::wait_write);
}

void line::finish(wire::end_cause cause, const std::string& why)
{
    if (std::exchange(stage_, stage::ended) == stage::ended)
        return;
    const auto self = shared_from_this();
    owner_->on_gone(*this, cause, why);
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace deadair::prober
