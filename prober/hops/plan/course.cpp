#include "prober/hops/plan/course.hpp"

#include <algorithm>

namespace deadair::hops_plan {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t tries_max = 4;
constexpr nanoseconds retry_pause = 1s;

}  // namespace

course::course(const plan& of, const std::vector<trial>& what, time begins) : plan_{of}
{
    add(what, begins);
}

void course::add(const std::vector<trial>& what, time from)
{
    const auto pace = from_seconds(1 / plan_.open_rate);
    wake_at_ = from;
    for (const auto& each : what) {
        tasks_.push_back({.what = each, .not_before = from});
        from += pace;
    }
}

bool course::finished() const
{
    return std::ranges::all_of(tasks_, [](const task& each) { return each.is == stage::done; });
}

time course::expected_end() const
{
    time last{};
    for (const auto& each : tasks_)
        if (each.is != stage::done)
            last = std::max(last, std::max(each.not_before, each.silent_since) + each.what.age);
    return last;
}

const trial& course::trial_of(planner::connection_id number) const
{
    return tasks_.at(whose_.at(number - 1)).what;
}

void course::wake(time at)
{
    wake_at_ = wake_at_ ? std::min(*wake_at_, at) : at;
}

std::vector<action> course::act(time now)
{
    std::vector<action> todo;
    now_ = now;
    wake_at_.reset();
    if (!outage_)
        for (auto& each : tasks_)
            step(each, now, todo);
    return todo;
}

void course::step(task& one, time now, std::vector<action>& todo)
{
    const auto due = one.silent_since + one.what.age;
    switch (one.is) {
        case stage::to_open:
            if (one.not_before > now)
                return wake(one.not_before);
            whose_.push_back(static_cast<std::size_t>(&one - tasks_.data()));
            one.connection = static_cast<planner::connection_id>(whose_.size());
            one.is = stage::opening;
            todo.emplace_back(planner::open_connection{one.connection, plan_.on});
            return;
        case stage::opened:
            one.is = stage::waiting;
            if (one.what.hops != not_at_all)
                todo.emplace_back(start_keepalives{.connection = one.connection,
                                                   .from = one.what.from,
                                                   .hops = one.what.hops,
                                                   .every = refresh_every(plan_)});
            return wake(due);
        case stage::waiting:
            if (due > now)
                return wake(due);
            one.probe = ++last_probe_;
            one.is = stage::probing;
            // A packet from inside could revive what it is to find.
            todo.emplace_back(planner::send_probe{one.probe, one.connection, direction::to_client});
            return;
        case stage::opening:
        case stage::probing:
        case stage::done:
            return;
    }
}

course::task* course::find(planner::connection_id number)
{
    if (number == 0 || number > whose_.size())
        return nullptr;
    auto& one = tasks_[whose_[number - 1]];
    return one.connection == number && one.is != stage::done ? &one : nullptr;
}

// What tells nothing is tried again with another connection.
void course::settle(task& one, outcome result, nanoseconds idle_age, time at)
{
    if (result != outcome::voided || ++one.tries == tries_max) {
        one.is = stage::done;
        one.result = results_.size();
        return results_.push_back({.what = one.what, .result = result, .idle_age = idle_age});
    }
    one.is = stage::to_open;
    one.not_before = at + retry_pause;
    one.connection = 0;
}

void course::on(const planner::event& seen)
{
    std::visit([this](const auto& what) { on_event(what); }, seen);
    wake_at_ = now_;
}

void course::on_event(const planner::opened& seen)
{
    auto* const one = find(seen.connection);
    if (one == nullptr || one->is != stage::opening)
        return;
    one->is = stage::opened;
    one->silent_since = seen.last_packet;
}

void course::on_event(const planner::open_failed& seen)
{
    if (auto* const one = find(seen.connection))
        settle(*one, outcome::voided, {}, seen.at);
}

// A second word takes the first back: what was called lost has arrived.
void course::on_event(const planner::settled& seen)
{
    const auto one =
        std::ranges::find_if(tasks_, [&](const task& each) { return each.probe == seen.probe; });
    if (one == tasks_.end())
        return;
    if (one->is == stage::probing)
        settle(*one, seen.result, seen.idle_age, now_);
    else if (one->is == stage::done)
        results_[one->result].result = seen.result;
}

void course::on_event(const planner::ended& seen)
{
    if (auto* const one = find(seen.connection))
        settle(*one, seen.how, seen.idle_age, seen.at);
}

}  // namespace deadair::hops_plan
