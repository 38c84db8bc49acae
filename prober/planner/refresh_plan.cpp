#include "prober/planner/refresh_plan.hpp"

#include <algorithm>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// Held for so many idle timeouts, and a little: enough to tell, and the run ends near two.
constexpr double hold_times = 1.15;
constexpr nanoseconds hold_margin = 1s;
// Refreshed so often within one idle timeout, so that a lost packet or two do not matter.
constexpr int refreshes_per_timeout = 4;
constexpr nanoseconds every_min = 100ms;
// A connection that could not be opened, or that nobody can vouch for, is replaced so often.
constexpr std::uint32_t tries_max = 4;
constexpr nanoseconds retry_pause = 1s;

bool has(transport kind, refresh by)
{
    return by != refresh::none && (by != refresh::ws_ping || is_websocket(kind));
}

// TCP keepalive is set in whole seconds.
std::chrono::milliseconds interval_of(refresh by, nanoseconds every)
{
    if (by == refresh::tcp_keepalive)
        return std::max<std::chrono::seconds>(1s, std::chrono::floor<std::chrono::seconds>(every));
    return std::chrono::floor<std::chrono::milliseconds>(every);
}

}  // namespace

refresh_plan::refresh_plan(refresh_settings wanted) : wanted_{std::move(wanted)}
{
    for (std::uint32_t i = 0; i < wanted_.connections_per_stratum; ++i)
        for (const auto& how : wanted_.wanted)
            for (const auto& on : wanted_.paths)
                for (const auto way : wanted_.directions)
                    if (has(on.kind, how.by))
                        tasks_.push_back({.on = on, .way = way, .how = how});
}

void refresh_plan::begin(time now, nanoseconds expired)
{
    begun_ = true;
    begun_at_ = now;
    hold_ = from_seconds(hold_times * to_seconds(expired)) + hold_margin;
    every_ = std::max(every_min, expired / refreshes_per_timeout);
    const auto pace = from_seconds(1 / wanted_.open_rate);
    auto at = now;
    for (auto& each : tasks_) {
        each.not_before = at;
        at += pace;
    }
}

bool refresh_plan::needs_time() const
{
    return begun_ &&
           std::ranges::any_of(tasks_, [](const task& each) { return each.is != stage::done; });
}

std::optional<time> refresh_plan::expected_end() const
{
    return needs_time() ? std::optional{begun_at_ + hold_} : std::nullopt;
}

void refresh_plan::wake(time at)
{
    wake_at_ = wake_at_ ? std::min(*wake_at_, at) : at;
}

std::vector<action> refresh_plan::act(time now, const known_so_far& of_all)
{
    std::vector<action> todo;
    now_ = now;
    if (of_all.expired && !begun_)
        begin(now, *of_all.expired);
    wake_at_.reset();
    if (begun_ && !outage_)
        for (auto& each : tasks_)
            step(each, now, todo);
    return todo;
}

void refresh_plan::step(task& one, time now, std::vector<action>& todo)
{
    switch (one.is) {
        case stage::to_open:
            if (one.not_before > now)
                return wake(one.not_before);
            one.connection = ++last_connection_;
            one.is = stage::opening;
            todo.emplace_back(open_connection{one.connection, one.on});
            return;
        case stage::opened:
            one.is = stage::waiting;
            todo.emplace_back(start_refresh{.connection = one.connection,
                                            .how = one.how,
                                            .every = interval_of(one.how.by, every_)});
            return wake(one.silent_since + hold_);
        case stage::waiting:
            if (one.silent_since + hold_ > now)
                return wake(one.silent_since + hold_);
            one.probe = ++last_probe_;
            one.is = stage::probing;
            todo.emplace_back(send_probe{one.probe, one.connection, one.way});
            return;
        case stage::opening:
        case stage::probing:
        case stage::done:
            return;
    }
}

// Nothing was learned from this connection: another one, a bounded number of times.
void refresh_plan::again(task& one, time now)
{
    one.is = ++one.tries < tries_max ? stage::to_open : stage::done;
    one.not_before = now + retry_pause;
    one.connection = 0;
}

template <class Match>
refresh_plan::task* refresh_plan::find(Match match)
{
    const auto found = std::ranges::find_if(tasks_, match);
    return found == tasks_.end() ? nullptr : &*found;
}

void refresh_plan::on(const event& seen)
{
    std::visit([this](const auto& what) { on_event(what); }, seen);
    wake_at_ = now_;
}

void refresh_plan::on_event(const opened& seen)
{
    auto* const one = find([&](const task& each) { return each.connection == seen.connection; });
    if (one == nullptr || one->is != stage::opening)
        return;
    one->is = stage::opened;
    one->silent_since = seen.last_packet;
}

void refresh_plan::on_event(const open_failed& seen)
{
    if (auto* one = find([&](const task& each) { return each.connection == seen.connection; }))
        again(*one, seen.at);
}

void refresh_plan::on_event(const settled& seen)
{
    auto* const one = find(
        [&](const task& each) { return each.is == stage::probing && each.probe == seen.probe; });
    if (one == nullptr)
        return;  // a late arrival is told by the record
    if (seen.result == outcome::voided)
        again(*one, now_);
    else
        one->is = stage::done;
}

// The end of a connection while it waits is an answer, too, unless nobody can vouch for it.
void refresh_plan::on_event(const ended& seen)
{
    auto* const one = find([&](const task& each) { return each.connection == seen.connection; });
    if (one == nullptr || one->is == stage::done)
        return;
    if (seen.how == outcome::voided)
        again(*one, seen.at);
    else
        one->is = stage::done;
}

void refresh_plan::show(overview& whole) const
{
    if (whole.doing == phase::finished && needs_time())
        whole.doing = phase::refreshing;
}

}  // namespace deadair::planner
