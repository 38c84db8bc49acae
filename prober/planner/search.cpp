#include "prober/planner/search.hpp"

#include <algorithm>
#include <utility>

#include "prober/planner/split.hpp"

namespace deadair::planner {

search::search(plan wanted, time begins)
    : memory_{std::move(wanted)}, opener_{memory_.wanted(), begins}, now_{begins}, begins_{begins}
{
    const auto& of = memory_.wanted();
    group all;
    all.limit = of.idle_max;
    all.begun = begins;
    for (std::size_t i = 0; i < of.paths.size() * of.directions.size(); ++i)
        all.strata.push_back(static_cast<stratum_index>(i));
    groups_.push_back(std::move(all));
    regroup({});
}

std::vector<action> search::act(time now, const known_so_far& /*of_all*/)
{
    std::vector<action> todo;
    if (needs_time())
        work(now, todo);
    return todo;
}

void search::work(time now, std::vector<action>& todo)
{
    now_ = now;
    wake_at_.reset();
    more_wanted_ = false;
    const auto closes_at = memory_.close_dead(now, sample_.to_open() > 0, todo);
    if (outage_since_) {
        wake_at_ = closes_at;
        return;
    }
    if (crowded_ || (memory_.wanted().leaves_crowd && memory_.known().crowd_kills(now - begins_)))
        return leave_the_crowd(now, todo);
    limit_the_rest();
    for (auto& each : groups_)
        search_in(each, now, todo);
    open_due(now, todo);
    if (stalled())
        for (auto& each : groups_)
            each.done = true;
    if (all_done() && !salvo_sent_)
        salvo(now, todo);
    if (all_done() && salvo_sent_)
        ask_again(now, todo);
    if (closes_at)
        wake(*closes_at);
}

// Nothing is under way and nothing will be due: there is no connection left to learn from.
bool search::stalled() const
{
    const auto opening =
        std::ranges::count(memory_.connections().all(), standing::opening, &connection::is);
    return !all_done() && !wake_at_ && memory_.pending().empty() && opening == 0;
}

void search::search_in(group& of, time now, std::vector<action>& todo)
{
    // Each probe takes a connection away, so this ends.
    while (!of.done) {
        const auto what = decide(of, memory_.see(now));
        more_wanted_ = more_wanted_ || what.more_connections;
        if (what.probes.empty()) {
            if (what.again)
                wake(*what.again);
            return;
        }
        for (const auto& each : what.probes)
            todo.emplace_back(memory_.ask(each, now));
    }
}

// Replaces what was lost while there is still use for it.
void search::open_due(time now, std::vector<action>& todo)
{
    const auto& so_far = memory_.connections();
    while (!all_done() && opener_.may_open(so_far, now)) {
        const bool replacing =
            more_wanted_ || (opener_.falls_short(so_far, now) && at_the_front(now));
        const auto due = opener_.next_at(so_far, replacing);
        if (!due)
            return;
        if (*due > now)
            return wake(*due);
        opener_.opens(*due, now);
        todo.emplace_back(memory_.open(now));
    }
}

// The longest idle age that the groups with a stratum on this path are known to survive.
nanoseconds search::survived_on(path_index path) const
{
    const auto ways = memory_.wanted().directions.size();
    std::optional<nanoseconds> least;
    for (const auto& each : groups_)
        if (std::ranges::any_of(each.strata, [&](auto where) { return where / ways == path; }))
            least =
                std::min(least.value_or(nanoseconds::max()), memory_.known().survived(each.strata));
    return least.value_or(nanoseconds{});
}

bool search::all_done() const
{
    return std::ranges::all_of(groups_, &group::done);
}

bool search::at_the_front(time now) const
{
    return std::ranges::any_of(groups_, [&](const group& each) {
        return !each.done && standing_of(each, memory_.see(now)).above.empty();
    });
}

// A group that outlives another is not followed for ever.
void search::limit_the_rest()
{
    if (memory_.wanted().exhaustive)
        return;
    for (const auto& each : groups_) {
        if (!each.done || !each.settled.expired)
            continue;
        for (auto& other : groups_)
            if (!other.done)
                other.limit = std::min(other.limit, outlived_times * *each.settled.expired);
    }
}

// While others tell something; where none does, it is not for the search to say why.
void search::leave_out_mute()
{
    const auto mute = [this](stratum_index where) { return memory_.known().mute(where); };
    const auto all_mute = [&](const group& of) { return std::ranges::all_of(of.strata, mute); };
    if (!std::ranges::all_of(groups_, all_mute))
        leave_out(mute);
}

// Nothing is to be found out of what is left out.
void search::leave_out(const std::function<bool(stratum_index)>& these)
{
    for (auto& of : groups_) {
        std::ranges::copy_if(of.strata, std::back_inserter(left_out_), these);
        std::erase_if(of.strata, these);
    }
    std::erase_if(groups_, [](const group& of) { return of.strata.empty(); });
}

// Whenever the knowledge has changed.
void search::regroup(time now)
{
    leave_out_mute();
    std::vector<group> settled_groups;
    for (auto& each : groups_) {
        auto parts = split(each, memory_.see(now));
        if (parts.empty())
            settled_groups.push_back(std::move(each));
        else
            std::ranges::move(parts, std::back_inserter(settled_groups));
    }
    groups_ = std::move(settled_groups);
    for (auto& each : groups_)
        each.settled = settled_of(each, memory_.see(now));
}

std::optional<time> search::wake_at() const
{
    // What comes after the end, a late arrival, needs no turn.
    return needs_time() ? wake_at_ : std::nullopt;
}

void search::on(const event& seen)
{
    std::visit([this](const auto& what) { on_event(what); }, seen);
    wake_at_ = now_;  // it may change everything: act again
}

void search::on_event(const opened& seen)
{
    if (memory_.on(seen))
        opener_.was_opened();
}

void search::on_event(const open_failed& seen)
{
    const auto* const failed = memory_.connections().find(seen.connection);
    // An outage is no refusal.
    if (!memory_.on(seen) || outage_since_)
        return;
    // What never could be opened while others could says nothing of how fast they may be.
    if (memory_.refused(failed->on))
        leave_out_unreachable();
    else
        opener_.was_refused(seen.at);
}

// Nothing is to be learned on a path on which no connection can be opened.
void search::leave_out_unreachable()
{
    leave_out([&](stratum_index where) {
        return memory_.is_unreachable(
            static_cast<path_index>(where / memory_.wanted().directions.size()));
    });
    regroup(now_);
}

void search::on_event(const settled& seen)
{
    if (!memory_.awaits(seen.probe)) {
        if (memory_.came_late(seen))
            regroup(now_);
        return;
    }
    memory_.settle(seen, now_);
    regroup(now_);
    if (seen.result == outcome::delivered)
        reopen_outlived(now_);
}

void search::on_event(const ended& seen)
{
    if (memory_.on(seen))
        regroup(now_);
}

void search::on_event(const outage_began& seen)
{
    outage_since_ = outage_since_.value_or(seen.at);
    opener_.outage_began();
}

void search::on_event(const outage_ended& seen)
{
    if (outage_since_)
        for (auto& each : groups_)
            each.begun += seen.at - *outage_since_;
    outage_since_.reset();
}

}  // namespace deadair::planner
