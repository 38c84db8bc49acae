#include "echo-server/server.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "echo-server/transport/turn.hpp"

namespace deadair::echo_server {

namespace {

using namespace std::chrono_literals;

// How long to wait when the system has no descriptor left for a new connection.
constexpr auto accept_pause = 100ms;
// How long connections are told that the server stops; the kernel closes those that are left.
constexpr auto farewell_time = 300ms;

}  // namespace

struct server::door {
    net::tcp::acceptor acceptor;
    boost::asio::steady_timer pause;
};

server::server(boost::asio::io_context& io, net::tls_context context,
               const std::vector<wire::token>& tokens, const server_limits& limits, log& to)
    : io_{io},
      context_{std::move(context)},
      limits_{limits},
      log_{to},
      refreshes_{io},
      registry_{io, limits_, counts_, to},
      around_{.owner = *this,
              .known = registry_,
              .refreshes = refreshes_,
              .limits = limits_,
              .counts = counts_,
              .events = to},
      strangers_{limits.unauthenticated, limits.unauthenticated_per_address},
      stranger_timer_{io}
{
    peers_.reserve(limits.connections);  // growing would hold all others up
    registry_.replace_tokens(tokens);
}

server::~server() = default;

net::tcp::endpoint server::accept_at(listening_socket at)
{
    auto made =
        std::make_unique<door>(door{net::tcp::acceptor{io_}, boost::asio::steady_timer{io_}});
    auto bound = at.local();
    made->acceptor.assign(bound.protocol(), at.take());
    doors_.push_back(std::move(made));
    accept_next(*doors_.back());
    return bound;
}

void server::replace_tokens(const std::vector<wire::token>& tokens)
{
    ++counts_.tokens_read;
    registry_.replace_tokens(tokens);
}

void server::replace_certificate(net::tls_context context)
{
    context_ = std::move(context);
    ++counts_.certificates_read;
}

void server::stop()
{
    for (auto& each : doors_)
        each->acceptor.close();
    stranger_timer_.cancel();
    refreshes_.stop();
    registry_.stop();
    const auto end = clock::now() + farewell_time;
    for (auto at = peers_.begin(); at != peers_.end() && clock::now() < end;)
        at = peers_.erase(at);
    for (auto& [number, left] : peers_)
        left->abandon();
    peers_.clear();
}

void server::accept_next(door& at)
{
    at.acceptor.async_accept(io_.get_executor(), [this, &at](const boost::system::error_code& error,
                                                             net::socket accepted) {
        if (error == boost::asio::error::operation_aborted)
            return;
        if (error) {
            log_.write(log_level::error, "event=accept_failed reason={}",
                       in_quotes(error.message()));
            return pause_before_next(at);
        }
        admit(std::move(accepted));
        accept_next(at);
    });
}

void server::pause_before_next(door& at)
{
    at.pause.expires_after(accept_pause);
    at.pause.async_wait([this, &at](const boost::system::error_code& error) {
        if (!error)
            accept_next(at);
    });
}

void server::admit(net::socket accepted)
{
    boost::system::error_code error;
    const auto from = accepted.remote_endpoint(error).address();
    if (error)
        return;  // gone already
    ++counts_.accepted;
    if (!has_room_for(from))
        return;  // closes the socket
    const auto number = ++last_serial_;
    auto& made =
        *peers_.emplace(number, std::make_unique<peer>(around_, number, from)).first->second;
    strangers_.add(number, from, clock::now() + wire::authentication_deadline);
    made.start(std::move(accepted), context_.get());
    watch_strangers();
}

// Whoever came long ago and has proven nothing makes room: an honest client needs a few round
// trips, and so gets in even while strangers fill the house.
bool server::has_room_for(const boost::asio::ip::address& from)
{
    if (strangers_.full(from)) {
        ++counts_.of(farewell::address_limit);
        return false;
    }
    if (!strangers_.full() && peers_.size() < limits_.connections)
        return true;
    const auto oldest = strangers_.oldest();
    if (!oldest) {
        ++counts_.of(farewell::connection_limit);
        return false;
    }
    peers_.at(oldest->number)->dismiss(farewell::made_room);
    return true;
}

// False if it was forgotten before.
bool server::forget(peer& gone)
{
    const auto found = peers_.find(gone.number());
    if (found == peers_.end())
        return false;
    strangers_.remove(gone.number());
    // The peer may be in the middle of a call of its own: it is destroyed from the loop.
    boost::asio::post(io_, [kept = std::shared_ptr<peer>(std::move(found->second))] {});
    peers_.erase(found);
    return true;
}

void server::watch_strangers()
{
    const auto oldest = strangers_.oldest();
    if (!oldest || std::exchange(stranger_timer_runs_, true))
        return;  // the timer runs for the first of them
    stranger_timer_.expires_at(oldest->deadline);
    stranger_timer_.async_wait([this](const boost::system::error_code& error) {
        stranger_timer_runs_ = false;
        if (!error)
            expire_strangers();
    });
}

void server::expire_strangers()
{
    const net::turn mine;
    const auto now = clock::now();
    for (auto oldest = strangers_.oldest(); oldest && oldest->deadline <= now && !mine.over();
         oldest = strangers_.oldest())
        peers_.at(oldest->number)->dismiss(farewell::too_slow);
    watch_strangers();
}

// Heartbeats wake the loop anyway: how long does what is ready wait behind the rest?
void server::beaten()
{
    if (std::exchange(sampling_, true))
        return;
    boost::asio::post(io_, [this, ready = clock::now()] {
        sampling_ = false;
        counts_.loop_lateness.add(clock::now() - ready);
    });
}

}  // namespace deadair::echo_server
