#include "echo-server/transport/channel.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <optional>
#include <utility>

#include "echo-server/transport/channel_state.hpp"
#include "echo-server/transport/socket.hpp"
#include "echo-server/transport/turn.hpp"
#include "echo-server/wire/first_bytes.hpp"

namespace deadair::net {

namespace {

// One scratch buffer for all channels: each read is digested before the next.
constexpr std::size_t scratch_size = 16 * 1024;
thread_local std::array<std::byte, scratch_size> scratch;
// And one for all: only one channel works at a time.
thread_local std::optional<turn> mine;

}  // namespace

channel::channel(socket opened, wire::role as, channel_events& owner)
    : socket_{std::move(opened)},
      stream_{socket_.native_handle()},
      owner_{&owner},
      stage_{as == wire::role::client ? stage::connecting : stage::peeking},
      role_{as}
{
}

channel::~channel() = default;

void channel::wait(tcp::socket::wait_type what)
{
    bool& pending = what == tcp::socket::wait_read ? reading_ : writing_;
    if (pending || stage_ == stage::ended)
        return;
    pending = true;
    socket_.async_wait(what, [self = shared_from_this(), what](const boost::system::error_code& e) {
        (what == tcp::socket::wait_read ? self->reading_ : self->writing_) = false;
        if (e || self->stage_ == stage::ended)
            return;
        if (what == tcp::socket::wait_write && !self->output_.empty())
            self->flush();
        self->advance();
    });
}

void channel::advance()
{
    mine.emplace();
    while (!mine->over())
        if (!go_on())
            return;
    // Still more to do: let the others have their turn first.
    boost::asio::post(socket_.get_executor(), [self = shared_from_this()] { self->advance(); });
}

bool channel::go_on()
{
    if (failed_)
        return false;
    switch (stage_) {
        case stage::connecting:
        case stage::ended:
            return false;
        case stage::peeking:
            return peek();
        case stage::securing:
            return secure_further();
        default:
            return read_further();
    }
}

bool channel::read_further()
{
    // Who does not read is not read either, so that answers cannot pile up.
    if (role_ == wire::role::server && !output_.empty())
        return false;
    if (undigested_) {
        take({});
        tell_received();
        return stage_ != stage::ended;
    }
    const auto taken = stream_.read_some(scratch);
    acknowledge_now(socket_.native_handle());
    if (taken.what == progress::done)
        take(wire::bytes{scratch}.first(taken.transferred));
    tell_received();
    return stage_ != stage::ended && heed(taken);
}

void channel::tell_received()
{
    const auto all = static_cast<std::uint32_t>(stream_.received());
    const auto before = std::exchange(received_told_, all);
    const auto messages = std::exchange(digested_, 0);
    if ((all != before || messages > 0) && stage_ != stage::ended)
        owner_->on_received(all - before, messages);
}

// True when the step moved something; otherwise waits for the socket, or ends the channel.
bool channel::heed(const step& taken)
{
    switch (taken.what) {
        case progress::done:
            return true;
        case progress::want_read:
            if (hibernates_ && output_.empty())
                stream_.hibernate();
            wait(tcp::socket::wait_read);
            return false;
        case progress::want_write:
            wait(tcp::socket::wait_write);
            return false;
        case progress::ended:
            if (stage_ == stage::proxying)
                finish(wire::end_cause::broken,
                       fmt::format("the proxy {} ended the connection without an answer; is it "
                                   "such a proxy?",
                                   describe(*opening_->options.through)));
            else
                finish(taken.cause, taken.detail);
            return false;
    }
    return false;
}

void channel::take(wire::bytes chunk)
{
    const auto self = shared_from_this();
    if (!input_.empty()) {
        input_.insert(input_.end(), chunk.begin(), chunk.end());
        const auto whole = std::exchange(input_, {});
        const auto used = digest(whole);
        if (stage_ != stage::ended)
            input_.assign(whole.begin() + static_cast<std::ptrdiff_t>(used), whole.end());
    } else {
        const auto used = digest(chunk);
        if (stage_ != stage::ended && used < chunk.size())
            input_.assign(chunk.begin() + static_cast<std::ptrdiff_t>(used), chunk.end());
    }
}

// Digests whole units until bytes are missing or the turn is over; says how many bytes it used.
std::size_t channel::digest(wire::bytes input)
{
    if (stage_ == stage::detecting)
        detect(input.front());
    std::size_t used = 0;
    undigested_ = false;
    while (stage_ != stage::ended && used < input.size()) {
        const auto taken = digest_one(input.subspan(used));
        if (taken == 0)
            break;
        used += taken;
        ++digested_;
        if (mine->over()) {
            undigested_ = used < input.size();
            break;
        }
    }
    return used;
}

void channel::detect(std::byte first)
{
    switch (wire::opening_of(first)) {
        case wire::opening::http:
            websocket_ = true;
            stage_ = stage::upgrading;
            break;
        case wire::opening::frames:
            opened();
            break;
        default:
            finish(wire::end_cause::broken, "the peer speaks neither our protocol nor HTTP");
    }
}

void channel::finish(wire::end_cause cause, const std::string& detail)
{
    if (stage_ == stage::ended)
        return;
    stage_ = stage::ended;
    const auto self = shared_from_this();
    owner_->on_end(cause, detail);
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void channel::close()
{
    if (stage_ == stage::open) {
        if (websocket_) {
            constexpr std::array normal{std::byte{0x03}, std::byte{0xe8}};  // 1000
            send_websocket(wire::opcode::close, normal);
        }
        stream_.shut_down();
    }
    abandon();
}

void channel::abort()
{
    if (socket_.is_open())
        reset_on_close(socket_.native_handle());
    abandon();
}

void channel::abandon()
{
    stage_ = stage::ended;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

wire::socket_facts channel::facts()
{
    return socket_.is_open() ? facts_of(socket_.native_handle()) : wire::socket_facts{};
}

bool channel::is_open() const
{
    return stage_ == stage::open;
}

transport channel::kind() const
{
    if (websocket_)
        return stream_.secured() ? transport::wss : transport::ws;
    return stream_.secured() ? transport::tls : transport::tcp;
}

tcp::endpoint channel::local() const
{
    boost::system::error_code ignored;
    return socket_.local_endpoint(ignored);
}

tcp::endpoint channel::remote() const
{
    boost::system::error_code ignored;
    return socket_.remote_endpoint(ignored);
}

}  // namespace deadair::net
