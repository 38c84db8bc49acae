// The connections of a session: opening, resting, ending.
#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include "echo-server/wire/limits.hpp"
#include "prober/session/session.hpp"

namespace deadair::prober {

namespace {

using namespace std::chrono_literals;

// From connect to the answer to our join.
constexpr auto set_up_max = 10s;

outcome outcome_of(wire::end_cause cause)
{
    switch (cause) {
        case wire::end_cause::reset:
            return outcome::reset;
        case wire::end_cause::closed:
            return outcome::closed;
        case wire::end_cause::timed_out:
            return outcome::lost;
        default:
            return outcome::voided;
    }
}

}  // namespace

void session::open(std::uint32_t number, const path& on)
{
    to_open_.push_back({number, on});
}

// Each connection needs a ticket; they come over the control connection, some at a time.
void session::open_waiting()
{
    while (!to_open_.empty() && !tickets_.empty()) {
        const auto todo = to_open_.front();
        to_open_.pop_front();
        auto made = std::make_unique<connection>(todo.connection, todo.on, clock_, *this);
        auto& here = *connections_.emplace(todo.connection, std::move(made)).first->second;
        ++opening_;
        set_up_due_.emplace_back(clock_.now() + set_up_max, todo.connection);
        here.open(io_, server_, tickets_.back());
        tickets_.pop_back();
    }
    if (to_open_.size() > tickets_asked_ && control_.up()) {
        const auto more =
            std::min<std::size_t>(to_open_.size() - tickets_asked_ + 8, wire::tickets_max);
        control_.request_tickets(static_cast<std::uint16_t>(more));
        tickets_asked_ += more;
    }
}

void session::on_tickets(const wire::tickets& said)
{
    tickets_asked_ -= std::min(tickets_asked_, said.values.size());
    tickets_.insert(tickets_.end(), said.values.begin(), said.values.end());
    turn_soon();
}

void session::on_joined(connection& here)
{
    const auto now = clock_.now();
    // Our join passed after we opened, the answer's acknowledgement about now.
    const auto trip = std::chrono::microseconds{here.facts().rtt_us};
    here.rest(now - trip / 4, trip / 4);
    resting_.emplace_back(now + settle_after, here.number());
    --opening_;
    ++waiting_;
    user_.on_opened(here);
    turn_soon();
}

void session::silence_settles(nanoseconds now)
{
    while (!resting_.empty() && resting_.front().first <= now) {
        if (auto* here = find(resting_.front().second); here != nullptr && here->joined())
            here->settle();
        resting_.pop_front();
    }
}

// A server without a file to spare, or a queue on the way, accepts and never answers.
void session::give_up_opening(nanoseconds now)
{
    while (!set_up_due_.empty() && set_up_due_.front().first <= now) {
        auto* const here = find(set_up_due_.front().second);
        set_up_due_.pop_front();
        if (here == nullptr || here->joined())
            continue;
        here->abort();
        on_gone(*here, wire::end_cause::own,
                fmt::format("the server did not answer within {} s", set_up_max.count()));
    }
}

void session::on_gone(connection& here, wire::end_cause cause, const std::string& why)
{
    if (over_)
        return;
    const auto number = here.number();
    if (!here.joined()) {
        --opening_;
        user_.on_event("open_failed", fmt::format("connection {} ({}): {}", number,
                                                  to_string(here.on().kind), why));
        user_.on_open_failed(number);
        boost::asio::post(
            io_, [kept = std::shared_ptr<connection>(std::move(connections_.at(number)))] {});
        connections_.erase(number);
        return turn_soon();
    }
    suspect(number, outcome_of(cause), {});
}

void session::on_far_end(const wire::ended& said)
{
    if (find(said.connection) != nullptr && !over_)
        suspect(said.connection, outcome_of(said.cause), std::string{wire::to_string(said.cause)});
}

void session::refresh_by(std::uint32_t number, refresh by, refresh_side from,
                         std::chrono::milliseconds every)
{
    auto* const here = find(number);
    if (here == nullptr || !here->joined())
        return;
    here->refreshed(by, from);
    if (from == refresh_side::client || from == refresh_side::both)
        refreshes_.begin(here->channel(), by, every);
    if (from == refresh_side::server || from == refresh_side::both)
        control_.refresh_by({.connection = number, .by = by, .every = every});
}

void session::keep(connection& here, const hold::settings& with)
{
    here.keep(with);
    if (with.ws_ping && is_websocket(here.on().kind))
        refreshes_.begin(here.channel(), refresh::ws_ping,
                         std::chrono::ceil<std::chrono::milliseconds>(*with.ws_ping));
}

void session::close(std::uint32_t number, const std::string& client_saw)
{
    const auto found = connections_.find(number);
    if (found == connections_.end())
        return;
    auto& here = *found->second;
    if (here.joined()) {
        --waiting_;
        user_.on_closed(here, client_saw);
        here.abort();
    }
    std::erase_if(lost_, [&](const auto& each) { return each.second.connection == number; });
    // It may be in the middle of a call of its own: it is destroyed from the loop.
    boost::asio::post(io_, [kept = std::shared_ptr<connection>(std::move(found->second))] {});
    connections_.erase(found);
}

void session::close_all()
{
    while (!connections_.empty())
        close(connections_.begin()->first, "own");
}

}  // namespace deadair::prober
