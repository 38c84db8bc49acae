// The connections of a run: opening, resting, ending.
#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include "echo-server/wire/limits.hpp"
#include "prober/run.hpp"

namespace deadair::prober {

namespace {

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

void run::carry_out(const planner::open_connection& todo)
{
    to_open_.push_back(todo);
}

// Each connection needs a ticket; they come over the control connection, some at a time.
void run::open_waiting()
{
    while (!to_open_.empty() && !tickets_.empty()) {
        const auto todo = to_open_.front();
        to_open_.pop_front();
        auto made = std::make_unique<connection>(todo.connection, todo.on, clock_, *this);
        auto& here = *connections_.emplace(todo.connection, std::move(made)).first->second;
        ++counts_.opening;
        here.open(io_, server_, tickets_.back());
        tickets_.pop_back();
    }
    if (to_open_.size() > tickets_asked_ && control_.up()) {
        const auto wanted =
            std::min<std::size_t>(to_open_.size() - tickets_asked_ + 8, wire::tickets_max);
        control_.request_tickets(static_cast<std::uint16_t>(wanted));
        tickets_asked_ += wanted;
    }
}

void run::on_tickets(const wire::tickets& said)
{
    tickets_asked_ -= std::min(tickets_asked_, said.values.size());
    tickets_.insert(tickets_.end(), said.values.begin(), said.values.end());
    drive_soon();
}

void run::on_joined(connection& here)
{
    const auto now = clock_.now();
    // Our join passed after we opened, the answer's acknowledgement about now.
    const auto trip = std::chrono::microseconds{here.facts().rtt_us};
    here.rest(now - trip / 4, trip / 4);
    resting_.emplace_back(now + settle_after, here.number());
    --counts_.opening;
    ++counts_.waiting;
    ledger_->opened(here);
    planner_->on(planner::opened{here.number(), here.idle_since()});
    drive_soon();
}

void run::silence_settles(nanoseconds now)
{
    while (!resting_.empty() && resting_.front().first <= now) {
        if (auto* here = find(resting_.front().second); here != nullptr && here->joined())
            here->settle();
        resting_.pop_front();
    }
}

void run::on_gone(connection& here, wire::end_cause cause, const std::string& why)
{
    if (over_)
        return;
    const auto number = here.number();
    if (!here.joined()) {
        --counts_.opening;
        ledger_->happened(
            clock_.now(), "open_failed",
            fmt::format("connection {} ({}): {}", number, to_string(here.on().kind), why));
        planner_->on(planner::open_failed{number, clock_.now()});
        boost::asio::post(
            io_, [kept = std::shared_ptr<connection>(std::move(connections_.at(number)))] {});
        connections_.erase(number);
        return drive_soon();
    }
    suspect(number, outcome_of(cause), {});
}

void run::on_far_end(const wire::ended& said)
{
    if (find(said.connection) != nullptr && !over_)
        suspect(said.connection, outcome_of(said.cause), std::string{wire::to_string(said.cause)});
}

void run::carry_out(const planner::close_connection& todo)
{
    close(todo.connection, "own");
}

void run::close(std::uint32_t number, const std::string& client_saw)
{
    const auto found = connections_.find(number);
    if (found == connections_.end())
        return;
    auto& here = *found->second;
    if (here.joined()) {
        --counts_.waiting;
        ledger_->closed(here, client_saw, {}, clock_.now());
        here.abort();
    }
    // It may be in the middle of a call of its own: it is destroyed from the loop.
    boost::asio::post(io_, [kept = std::shared_ptr<connection>(std::move(found->second))] {});
    connections_.erase(found);
}

}  // namespace deadair::prober
