#include "echo-server/server.hpp"

#include <openssl/rand.h>

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <cstring>

namespace deadair::echo_server {

namespace {

using namespace std::chrono_literals;

// How often sessions are looked over, while there are any.
constexpr auto sweep_interval = 5s;
// How long to wait when the system has no descriptor left for a new connection.
constexpr auto accept_pause = 100ms;

template <class Id>
Id fresh_id()
{
    Id value{};
    RAND_bytes(reinterpret_cast<unsigned char*>(value.data()), static_cast<int>(value.size()));
    return value;
}

}  // namespace

struct server::door {
    net::tcp::acceptor acceptor;
    boost::asio::steady_timer pause;
};

// A ticket is random already; its first bytes are as good as any hash.
std::size_t server::ticket_hash::operator()(const wire::ticket& value) const
{
    std::size_t hash = 0;
    std::memcpy(&hash, value.data(), sizeof hash);
    return hash;
}

server::server(boost::asio::io_context& io, net::tls_context context,
               std::vector<wire::token> tokens, server_limits limits, log& to)
    : io_{io},
      context_{std::move(context)},
      tokens_{std::move(tokens)},
      limits_{limits},
      log_{to},
      stranger_timer_{io},
      session_timer_{io}
{
}

server::~server() = default;

net::tcp::endpoint server::listen(const net::tcp::endpoint& at)
{
    auto made =
        std::make_unique<door>(door{net::tcp::acceptor{io_}, boost::asio::steady_timer{io_}});
    auto& acceptor = made->acceptor;
    acceptor.open(at.protocol());
    acceptor.set_option(net::tcp::acceptor::reuse_address{true});
    if (at.address().is_v6())
        acceptor.set_option(
            boost::asio::ip::v6_only{!at.address().is_unspecified()});  // [::] takes IPv4, too
    acceptor.bind(at);
    acceptor.listen(boost::asio::socket_base::max_listen_connections);
    doors_.push_back(std::move(made));
    accept_next(*doors_.back());
    return acceptor.local_endpoint();
}

void server::stop()
{
    for (auto& each : doors_)
        each->acceptor.close();
    stranger_timer_.cancel();
    session_timer_.cancel();
    sessions_.clear();
    tickets_.clear();
    peers_.clear();
}

void server::accept_next(door& at)
{
    at.acceptor.async_accept(io_.get_executor(), [this, &at](const boost::system::error_code& error,
                                                             net::socket accepted) {
        if (error == boost::asio::error::operation_aborted)
            return;
        if (error) {
            log_.write(log_level::error, "event=accept_failed reason=\"{}\"", error.message());
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
    auto& from_there = strangers_[from];
    if (peers_.size() >= limits_.connections || strangers_count_ >= limits_.unauthenticated ||
        from_there >= limits_.unauthenticated_per_address) {
        ++counts_.refused_at_door;
        if (from_there == 0)
            strangers_.erase(from);
        return;  // closes the socket
    }
    ++from_there;
    ++strangers_count_;
    const auto number = ++last_serial_;
    auto& made = *peers_.emplace(number, std::make_unique<peer>(*this, number, from)).first->second;
    made.start(std::move(accepted), context_.get());
    stranger_deadlines_.emplace_back(clock::now() + wire::authentication_deadline, number);
    watch_strangers();
}

void server::forget(peer& gone)
{
    const auto found = peers_.find(gone.number());
    if (found == peers_.end())
        return;
    if (gone.is_stranger())
        no_longer_stranger(gone.address());
    // The peer may be in the middle of a call of its own: it is destroyed from the loop.
    boost::asio::post(io_, [kept = std::shared_ptr<peer>(std::move(found->second))] {});
    peers_.erase(found);
}

void server::no_longer_stranger(const boost::asio::ip::address& from)
{
    const auto found = strangers_.find(from);
    if (found == strangers_.end())
        return;
    --strangers_count_;
    if (--found->second == 0)
        strangers_.erase(found);
}

void server::watch_strangers()
{
    if (stranger_deadlines_.size() != 1)
        return;  // the timer runs for the first of them
    stranger_timer_.expires_at(stranger_deadlines_.front().first);
    stranger_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            expire_strangers();
    });
}

void server::expire_strangers()
{
    const auto now = clock::now();
    while (!stranger_deadlines_.empty() && stranger_deadlines_.front().first <= now) {
        const auto found = peers_.find(stranger_deadlines_.front().second);
        stranger_deadlines_.pop_front();
        if (found != peers_.end() && found->second->is_stranger())
            found->second->leave();
    }
    if (stranger_deadlines_.empty())
        return;
    stranger_timer_.expires_at(stranger_deadlines_.front().first);
    stranger_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            expire_strangers();
    });
}

void server::watch_sessions()
{
    if (sessions_.size() != 1)
        return;  // the sweep goes on by itself while there are any
    session_timer_.expires_after(sweep_interval);
    session_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            sweep_sessions();
    });
}

void server::sweep_sessions()
{
    const auto now = clock::now();
    std::vector<session*> over;
    for (const auto& [id, one] : sessions_) {
        if (one->control_silent(now))
            one->control()->leave();
        if (one->expired(now))
            over.push_back(one.get());
    }
    for (auto* one : over)
        end(*one);
    if (sessions_.empty())
        return;
    session_timer_.expires_after(sweep_interval);
    session_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            sweep_sessions();
    });
}

const wire::token* server::token_of(const wire::exchange& said, const wire::digest& proof) const
{
    const wire::token* fitting = nullptr;
    for (const auto& each : tokens_)
        if (wire::same(wire::prove_client(each.secret, said), proof))
            fitting = &each;
    return fitting;
}

session* server::welcome(const wire::session_id& resume, const wire::token& token, bool& resumed)
{
    if (const auto found = sessions_.find(resume);
        found != sessions_.end() && found->second->token() == token.name) {
        resumed = true;
        ++counts_.sessions_resumed;
        return found->second.get();
    }
    resumed = false;
    if (sessions_.size() >= limits_.sessions)
        return nullptr;
    const auto id = fresh_id<wire::session_id>();
    ++counts_.sessions_begun;
    return sessions_.emplace(id, std::make_unique<session>(id, token.name)).first->second.get();
}

std::vector<wire::ticket> server::issue_tickets(session& to, std::uint16_t count)
{
    std::vector<wire::ticket> issued;
    while (issued.size() < count && to.tickets_open < wire::tickets_max) {
        issued.push_back(fresh_id<wire::ticket>());
        tickets_.emplace(issued.back(), &to);
        ++to.tickets_open;
    }
    return issued;
}

session* server::redeem(const wire::ticket& admission)
{
    const auto found = tickets_.find(admission);
    if (found == tickets_.end())
        return nullptr;
    auto* of = found->second;
    tickets_.erase(found);
    --of->tickets_open;
    return of;
}

void server::end(session& over)
{
    log_.write(log_level::info, "event=session_ended token={} connections={}", over.token(),
               over.size());
    std::erase_if(tickets_, [&](const auto& each) { return each.second == &over; });
    for (auto* member : over.members())
        member->leave();
    sessions_.erase(over.id());
}

}  // namespace deadair::echo_server
