#include "prober/hold/holder.hpp"

#include <algorithm>
#include <utility>

namespace deadair::hold {

namespace {

using namespace std::chrono_literals;

// After a failed opening the next is tried twice as late as the last time, up to a minute.
constexpr nanoseconds retry_first = 1s;
constexpr unsigned retry_doublings = 6;

// An unprotected one stays silent for so much longer than T that a coarse timer cannot save it.
constexpr double unprotected_silence_min = 1.25;

nanoseconds times(double factor, nanoseconds value)
{
    return from_seconds(factor * to_seconds(value));
}

}  // namespace

holder::holder(plan wanted) : plan_{std::move(wanted)}, chance_{plan_.seed}
{
    for (std::uint32_t round = 0; round < plan_.unprotected; ++round)
        for (const auto& on : plan_.paths)
            for (const auto way : plan_.directions)
                slots_.push_back({.on = on, .unprotected = true, .only = way});
    for (std::uint32_t each = 0; each < plan_.connections; ++each)
        slots_.push_back({.on = plan_.paths[each % plan_.paths.size()],
                          .patient = plan_.until && each < plan_.patient});
    const auto pause = from_seconds(1 / plan_.open_rate);
    for (std::size_t each = 0; each < slots_.size(); ++each)
        slots_[each].due = static_cast<std::int64_t>(each) * pause;
}

std::vector<action> holder::act(time now)
{
    std::vector<action> todo;
    for (const auto each : std::exchange(to_close_, {}))
        todo.emplace_back(close_connection{each});
    if (!outage_)
        for (auto& each : slots_)
            step(each, now, todo);
    return todo;
}

void holder::step(slot& one, time now, std::vector<action>& todo)
{
    if (one.due > now)
        return;
    const auto open = [&] {
        one.connection = ++last_connection_;
        one.now = stage::opening;
        todo.emplace_back(open_connection{one.connection, one.on, one.unprotected});
    };
    if (one.now == stage::closed)
        return open();
    if (one.now != stage::quiet)
        return;
    if (one.old) {
        todo.emplace_back(close_connection{one.connection});
        return open();
    }
    if (const auto owed = std::exchange(one.owed, std::nullopt)) {
        todo.emplace_back(say(one, *owed, true));
        return;
    }
    const auto quiet = now - one.since;
    const bool stale = !one.unprotected && one.way == direction::to_server &&
                       plan_.idle_reconnect && quiet > *plan_.idle_reconnect;
    if (!stale) {
        todo.emplace_back(say(one, quiet, false));
        return;
    }
    todo.emplace_back(close_connection{one.connection});
    one.owed = quiet;
    open();
}

message holder::say(slot& one, nanoseconds quiet, bool replaced)
{
    one.now = stage::speaking;
    return {.number = ++last_message_,
            .connection = one.connection,
            .on = one.on,
            .way = one.way,
            .quiet = quiet,
            .unprotected = one.unprotected,
            .replaced = replaced};
}

std::optional<time> holder::wake_at() const
{
    std::optional<time> wake;
    if (outage_)
        return wake;
    for (const auto& each : slots_)
        if (each.now == stage::closed || each.now == stage::quiet)
            wake = wake ? std::min(*wake, each.due) : each.due;
    return wake;
}

void holder::opened(std::uint32_t connection, time at)
{
    auto* one = of(connection);
    if (one == nullptr)
        return;
    one->failures = 0;
    one->opened = at;
    fall_silent(*one, at);
}

void holder::fall_silent(slot& one, time at)
{
    one.since = at;
    one.now = stage::quiet;
    one.old = false;
    if (one.owed) {
        one.due = at;
        return;
    }
    one.way = one.only.value_or(plan_.directions[chance_.next() % plan_.directions.size()]);
    one.due = end_of_silence(one, at);
    if (const auto end = one.opened + plan_.max_age.value_or(0s);
        plan_.max_age && !one.unprotected && one.due > end) {
        one.due = end;
        one.old = true;
    }
    if (plan_.until && (one.due > *plan_.until || at >= *plan_.until))
        one.now = stage::done;
}

time holder::end_of_silence(const slot& one, time at)
{
    const auto t = plan_.idle_timeout;
    if (one.unprotected)
        return at + chance_.between(times(unprotected_silence_min, t), 2 * t);
    return one.patient ? *plan_.until : at + chance_.between(t / 2, 2 * t);
}

void holder::open_failed(std::uint32_t connection, time at)
{
    if (auto* one = of(connection)) {
        reopen(*one, at + (1 << std::min(one->failures, retry_doublings)) * retry_first);
        ++one->failures;
    }
}

void holder::reopen(slot& one, time at)
{
    one.now = stage::closed;
    one.due = at;
    if (plan_.until && at > *plan_.until)
        one.now = stage::done;
}

void holder::settled(const message& said, outcome result, time at)
{
    auto* one = of(said.connection);
    if (one == nullptr || one->now != stage::speaking)
        return;
    if (result == outcome::delivered && !one->unprotected)
        return fall_silent(*one, at);
    to_close_.push_back(said.connection);
    reopen(*one, at);
}

void holder::ended(std::uint32_t connection, time at)
{
    if (auto* one = of(connection))
        reopen(*one, at + retry_first);
}

bool holder::finished() const
{
    return std::ranges::all_of(slots_, [](const slot& each) { return each.now == stage::done; });
}

bool holder::is_unprotected(std::uint32_t connection) const
{
    return std::ranges::any_of(slots_, [&](const slot& each) {
        return each.connection == connection && each.unprotected;
    });
}

std::optional<direction> holder::way_of(std::uint32_t connection) const
{
    const auto found = std::ranges::find(slots_, connection, &slot::connection);
    return found == slots_.end() ? std::nullopt : std::optional{found->way};
}

holder::slot* holder::of(std::uint32_t connection)
{
    const auto found = std::ranges::find(slots_, connection, &slot::connection);
    return found == slots_.end() ? nullptr : &*found;
}

}  // namespace deadair::hold
