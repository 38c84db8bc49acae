#include "prober/observation/opening.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace deadair::observation {

namespace {

using namespace std::chrono_literals;

// After an answer without a single ticket.
constexpr nanoseconds ask_again_pause = 1s;

std::string within(const char* what, nanoseconds at_most)
{
    return fmt::format("{} within {}", what, format_duration(at_most));
}

}  // namespace

void opening::forget(std::uint32_t number)
{
    std::erase(waiting_, number);
    under_way_.erase(number);
}

void opening::on(const control_up& seen)
{
    up_ = true;
    asked_.reset();
    due_.clear(slot::ask_again);
    if (!seen.resumed)
        tickets_.clear();
}

// However long it is away, nobody failed to answer meanwhile.
void opening::on(const control_down&)
{
    up_ = false;
    due_.clear(slot::ticket);
    pause_counting();
}

// What was asked over this connection may still be answered: it is not asked again.
void opening::on(const control_heard&)
{
    up_ = true;
}

void opening::on(const tickets& seen, nanoseconds now)
{
    if (!asked_ || seen.values.size() > *asked_) {
        fault_ = "the server sent tickets that nobody asked for";
        return;
    }
    asked_.reset();
    for (const auto& each : seen.values)
        tickets_.push_back({each, now});
    if (seen.values.empty())
        due_.set(slot::ask_again, now + ask_again_pause);
    else
        due_.clear(slot::ticket);
}

void opening::on(const joined& seen)
{
    ever_joined_ = true;
    pause_counting();
    under_way_.erase(seen.number);
}

void opening::on(const failed& seen)
{
    const auto found = under_way_.find(seen.number);
    if (found == under_way_.end())
        return;
    if (!seen.ticket_sent)
        tickets_.push_front(found->second.with);
    under_way_.erase(found);
    last_failure_ = seen.why;
}

std::vector<opening::action> opening::act(nanoseconds now)
{
    std::vector<action> todo;
    if (counted_until_)
        fruitless_ += now - std::exchange(*counted_until_, now);
    if (over_ || hopeless(now, todo))
        return todo;
    give_up_what_is_late(now, todo);
    begin_waiting(now, todo);
    ask(now, todo);
    arm(now);
    return todo;
}

bool opening::hopeless(nanoseconds now, std::vector<action>& todo)
{
    if (due_.take(slot::fruitless, now))
        fault_ = fmt::format("{}; the last one: {}",
                             within("the server is heard, but no connection to it could be opened",
                                    limits_.fruitless_max),
                             last_failure_);
    if (fault_.empty())
        return false;
    over_ = true;
    due_ = {};
    todo.emplace_back(end{fault_});
    return true;
}

// A server without a file to spare, or a queue on the way, accepts and never answers.
void opening::give_up_what_is_late(nanoseconds now, std::vector<action>& todo)
{
    for (auto& [number, one] : under_way_)
        if (one.due && *one.due <= now) {
            one.due.reset();
            last_failure_ = within("the server did not answer", limits_.answer_max);
            todo.emplace_back(give_up{number, last_failure_});
        }
    if (!due_.take(slot::ticket, now))
        return;
    last_failure_ = within("the server gave no ticket", limits_.answer_max);
    for (const auto number : waiting_)
        todo.emplace_back(give_up{number, last_failure_});
    waiting_.clear();
}

void opening::begin_waiting(nanoseconds now, std::vector<action>& todo)
{
    std::erase_if(tickets_,
                  [&](const unused& each) { return now - each.since >= limits_.ticket_age_max; });
    while (!waiting_.empty() && !tickets_.empty() && under_way_.size() < limits_.under_way_max) {
        const auto number = waiting_.front();
        const auto with = tickets_.front();
        waiting_.pop_front();
        tickets_.pop_front();
        under_way_[number] = {with, now + limits_.answer_max};
        todo.emplace_back(connect{number, with.value});
    }
}

// One request at a time, and never more than the server keeps: the oldest would make room.
void opening::ask(nanoseconds now, std::vector<action>& todo)
{
    if (!up_ || asked_ || waiting_.size() <= tickets_.size())
        return;
    if (due_.has(slot::ask_again) && !due_.take(slot::ask_again, now))
        return;
    const auto kept = tickets_.size() + under_way_.size();
    const auto count = std::min(waiting_.size() - tickets_.size(),
                                limits_.tickets_max - std::min(limits_.tickets_max, kept));
    if (count == 0)
        return;
    asked_ = count;
    todo.emplace_back(ask_for_tickets{static_cast<std::uint16_t>(count)});
}

void opening::arm(nanoseconds now)
{
    auto first = nanoseconds::max();
    for (const auto& [number, one] : under_way_)
        first = std::min(first, one.due.value_or(first));
    due_.clear(slot::answer);
    if (first != nanoseconds::max())
        due_.set(slot::answer, first);
    const bool dry = !waiting_.empty() && tickets_.empty();
    if (!dry)
        due_.clear(slot::ticket);
    else if (up_ && (asked_ || due_.has(slot::ask_again)))
        due_.set_once(slot::ticket, now + limits_.answer_max);
    if (up_ && !ever_joined_ && (dry || !under_way_.empty())) {
        counted_until_ = now;
        due_.set(slot::fruitless, now + (limits_.fruitless_max - fruitless_));
    }
}

// What was counted so far still counts: a server that comes and goes is no better than one that
// stays.
void opening::pause_counting()
{
    due_.clear(slot::fruitless);
    counted_until_.reset();
}

}  // namespace deadair::observation
