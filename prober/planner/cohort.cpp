#include "prober/planner/cohort.hpp"

#include <algorithm>
#include <utility>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// Refreshed so often within one idle timeout, so that a lost packet or two do not matter.
constexpr int refreshes_per_timeout = 4;
constexpr nanoseconds every_min = 100ms;
// Busy ones say something twice as often, and are asked as often, or by hundredths of the time in
// long silences.
constexpr int busy_per_timeout = 8;
constexpr nanoseconds busy_every_max = 10s;
constexpr nanoseconds ask_every_max = 1s;
constexpr int asked_per_hold = 100;
// No refreshed one is opened by more than this share of the time later than a control.
constexpr int controls_per_hold = 4;
// One busy one that is lost may be packet loss.
constexpr std::uint32_t busy_lost_max = 1;
// One that cannot be opened is tried again so often.
constexpr std::uint32_t tries_max = 4;
constexpr nanoseconds retry_pause = 1s;

// TCP keepalive is set in whole seconds.
std::chrono::milliseconds interval_of(refresh by, nanoseconds every)
{
    if (by == refresh::tcp_keepalive)
        return std::max(keepalive_interval_min, std::chrono::floor<std::chrono::seconds>(every));
    return std::chrono::floor<std::chrono::milliseconds>(std::max(every_min, every));
}

nanoseconds ask_every(const trial& of)
{
    return std::max(std::min(ask_every_max, of.expired / busy_per_timeout),
                    of.hold / asked_per_hold);
}

}  // namespace

cohort::cohort(trial wanted, doorway& door) : wanted_{std::move(wanted)}, door_{&door}
{
    const auto between = std::max<nanoseconds::rep>(
        1, wanted_.hold / controls_per_hold / std::max<nanoseconds>(1ns, wanted_.pace));
    for (std::size_t i = 0; i < wanted_.refreshes.size(); ++i) {
        if (i % static_cast<std::size_t>(between) == 0)
            add_controls();
        add(role::refreshed, wanted_.refreshes[i]);
    }
    add_controls();
}

void cohort::add(role as, means how)
{
    const auto at = wanted_.begins + static_cast<nanoseconds::rep>(members_.size()) * wanted_.pace;
    members_.push_back({.as = as, .how = how, .due = at});
}

void cohort::add_controls()
{
    add(role::silent, {});
    add(role::busy, {refresh::data, refresh_side::both});
}

time cohort::opened_by() const
{
    return wanted_.begins + static_cast<nanoseconds::rep>(members_.size()) * wanted_.pace;
}

time cohort::expected_end() const
{
    return opened_by() + wanted_.hold;
}

bool cohort::done() const
{
    return std::ranges::all_of(members_, [](const member& each) { return each.is == stage::done; });
}

void cohort::wake(time at)
{
    wake_at_ = wake_at_ ? std::min(*wake_at_, at) : at;
}

void cohort::leave(std::vector<action>& todo) const
{
    for (const auto& each : members_)
        if (each.connection != 0 && (each.is != stage::done || each.as == role::busy))
            todo.emplace_back(close_connection{each.connection});
}

// All at once, as soon as the last was silent for long enough.
void cohort::find_moment()
{
    time last{};
    for (const auto& each : members_) {
        if (each.is < stage::waiting)
            return;
        last = std::max(last, each.silent_since);
    }
    moment_ = last + wanted_.hold;
}

void cohort::act(time now, last_numbers& last, std::vector<action>& todo)
{
    now_ = now;
    wake_at_.reset();
    for (auto& each : members_)
        step(each, now, last, todo);
    if (!moment_)
        find_moment();
    const bool any_waits =
        std::ranges::find(members_, stage::waiting, &member::is) != members_.end();
    if (moment_ && any_waits)
        wake(std::max(now, *moment_));
}

void cohort::step(member& one, time now, last_numbers& last, std::vector<action>& todo)
{
    switch (one.is) {
        case stage::to_open:
            return open(one, now, last, todo);
        case stage::opened: {
            const auto share = one.as == role::busy
                                   ? std::min(busy_every_max, wanted_.expired / busy_per_timeout)
                                   : wanted_.expired / refreshes_per_timeout;
            if (one.as != role::silent)
                todo.emplace_back(start_refresh{.connection = one.connection,
                                                .how = one.how,
                                                .every = interval_of(one.how.by, share)});
            one.is = stage::waiting;
            return wake(one.due);
        }
        case stage::waiting:
            return wait(one, now, last, todo);
        case stage::opening:
        case stage::asking:
        case stage::probing:
        case stage::done:
            return;
    }
}

// What is under way tells when the next may be opened.
void cohort::open(member& one, time now, last_numbers& last, std::vector<action>& todo)
{
    if (door_->is_closed())
        one.is = stage::done;
    else if (one.due > now)
        wake(one.due);
    else if (door_->may_knock(now)) {
        one.connection = ++last.connection;
        one.is = stage::opening;
        door_->knock(one.connection, now);
        todo.emplace_back(open_connection{one.connection, wanted_.where.on});
    }
}

void cohort::wait(member& one, time now, last_numbers& last, std::vector<action>& todo)
{
    const bool at_last = moment_ && *moment_ <= now;
    // Nothing may be under way at the moment that counts.
    const bool may_ask =
        one.as == role::busy && (!moment_ || one.due + ask_every(wanted_) < *moment_);
    if (!at_last && (!may_ask || one.due > now)) {
        if (may_ask)
            wake(one.due);
        return;
    }
    one.probe = ++last.probe;
    one.is = at_last ? stage::probing : stage::asking;
    todo.emplace_back(send_probe{one.probe, one.connection, wanted_.where.way});
}

// A bounded number of times.
void cohort::again(member& one, time at)
{
    one.is = ++one.tries < tries_max ? stage::to_open : stage::done;
    one.due = at + retry_pause;
    one.connection = 0;
}

void cohort::end(member& one, outcome with)
{
    one.is = stage::done;
    one.result = with;
}

template <class Match>
cohort::member* cohort::find(Match match)
{
    const auto found = std::ranges::find_if(members_, match);
    return found == members_.end() || found->is == stage::done ? nullptr : &*found;
}

void cohort::on(const event& seen)
{
    std::visit([this](const auto& what) { on_event(what); }, seen);
    wake_at_ = now_;
}

void cohort::on_event(const opened& seen)
{
    auto* const one = find([&](const member& each) { return each.connection == seen.connection; });
    if (one == nullptr || one->is != stage::opening)
        return;
    door_->let_in(seen.connection);
    one->is = stage::opened;
    one->silent_since = seen.last_packet;
    one->due = seen.last_packet + ask_every(wanted_);
}

void cohort::on_event(const open_failed& seen)
{
    auto* const one = find([&](const member& each) { return each.connection == seen.connection; });
    if (one == nullptr)
        return;
    door_->refuse(seen.connection, seen.at);
    again(*one, seen.at);
}

// A late arrival after that is told by the record.
void cohort::on_event(const settled& seen)
{
    auto* const one = find([&](const member& each) {
        return (each.is == stage::asking || each.is == stage::probing) && each.probe == seen.probe;
    });
    if (one == nullptr)
        return;
    const bool goes_on = seen.result == outcome::delivered || seen.result == outcome::voided;
    if (one->is == stage::asking && goes_on) {
        one->is = stage::waiting;
        one->due = now_ + ask_every(wanted_);
        return;
    }
    end(*one, seen.result);
}

// The end of a connection while it waits is an answer, too.
void cohort::on_event(const ended& seen)
{
    if (auto* one = find([&](const member& each) { return each.connection == seen.connection; }))
        end(*one, seen.how);
}

std::uint32_t cohort::count(role as, bool alive) const
{
    return static_cast<std::uint32_t>(std::ranges::count_if(members_, [&](const member& each) {
        return each.as == as && each.result && each.result != outcome::voided &&
               (each.result == outcome::delivered) == alive;
    }));
}

bool cohort::is_controlled() const
{
    return count(role::silent, false) > 0 && count(role::silent, true) == 0 &&
           count(role::busy, true) > 0 && count(role::busy, false) <= busy_lost_max;
}

bool cohort::silent_one_lived() const
{
    return count(role::silent, true) > 0;
}

std::vector<means> cohort::untold() const
{
    std::vector<means> all;
    for (const auto& each : members_)
        if (each.as == role::refreshed && (!each.result || each.result == outcome::voided))
            all.push_back(each.how);
    return all;
}

std::vector<connection_id> cohort::busy() const
{
    std::vector<connection_id> all;
    for (const auto& each : members_)
        if (each.as == role::busy && each.connection != 0)
            all.push_back(each.connection);
    return all;
}

}  // namespace deadair::planner
