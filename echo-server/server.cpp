#include "echo-server/server.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>
#include <utility>

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
      strangers_{limits.unauthenticated, limits.unauthenticated_per_address},
      stranger_timer_{io},
      session_timer_{io},
      refreshes_{io}
{
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

void server::replace_tokens(std::vector<wire::token> tokens)
{
    tokens_ = std::move(tokens);
    ++counts_.tokens_read;
    std::vector<session*> over;
    for (const auto& [id, one] : sessions_)
        if (std::ranges::find(tokens_, one->token()) == tokens_.end())
            over.push_back(one.get());
    for (auto* one : over) {
        if (auto* control = one->control(); control != nullptr)
            control->dismiss(farewell::revoked);
        end(*one);
    }
    std::vector<peer*> guests;
    for (const auto& [number, one] : peers_)
        if (one->revoked_by(tokens_))
            guests.push_back(one.get());
    for (auto* one : guests)
        one->dismiss(farewell::revoked);
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
    auto& made = *peers_.emplace(number, std::make_unique<peer>(*this, number, from)).first->second;
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
    const auto now = clock::now();
    for (auto oldest = strangers_.oldest(); oldest && oldest->deadline <= now;
         oldest = strangers_.oldest())
        peers_.at(oldest->number)->dismiss(farewell::too_slow);
    watch_strangers();
}

// Heartbeats wake the loop anyway: how long does what is ready wait behind the rest?
void server::sample_lateness()
{
    if (std::exchange(sampling_, true))
        return;
    boost::asio::post(io_, [this, ready = clock::now()] {
        sampling_ = false;
        counts_.loop_lateness.add(clock::now() - ready);
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
        found != sessions_.end() && found->second->token() == token) {
        resumed = true;
        ++counts_.sessions_resumed;
        return found->second.get();
    }
    resumed = false;
    if (sessions_.size() >= limits_.sessions)
        return nullptr;
    const auto id = fresh_id<wire::session_id>();
    ++counts_.sessions_begun;
    return sessions_.emplace(id, std::make_unique<session>(id, token, limits_.rates, clock::now()))
        .first->second.get();
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
    log_.write(log_level::info, "event=session_ended token={} connections={}",
               in_quotes(over.token().name), over.size());
    std::erase_if(tickets_, [&](const auto& each) { return each.second == &over; });
    for (auto* member : over.members())
        member->leave();
    sessions_.erase(over.id());
}

}  // namespace deadair::echo_server
