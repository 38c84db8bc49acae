#include "prober/planner/planner.hpp"

#include <algorithm>
#include <utility>

#include "prober/planner/ladder.hpp"
#include "prober/planner/search.hpp"
#include "prober/planner/split.hpp"
#include "prober/planner/survivors.hpp"

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// A stratum that lives so many times longer than another is said to outlive it.
constexpr int outlived_times = 3;
// A connection on which a probe was lost stays open, in case the probe arrives late.
constexpr nanoseconds listen_after_loss = 15s;
// Connections may be replaced, but not without end.
constexpr std::uint32_t replacements_times = 4;
// Pause after a refused open, doubled each time up to the longest; and how many in a row are
// enough.
constexpr nanoseconds retry_pause = 1s;
constexpr nanoseconds retry_pause_max = 30s;
constexpr std::uint32_t refusals_max = 20;
// So many late arrivals may be chance and take their verdict back; when they go on, something
// revives what had expired.
constexpr std::uint32_t lates_by_chance = 2;

}  // namespace

struct planner::state {
    explicit state(plan asked);

    view see(time now) const;
    void work(time now, std::vector<action>& todo);
    void search(group& of, time now, std::vector<action>& todo);
    void salvo(time now, std::vector<action>& todo);
    void open_due(time now, std::vector<action>& todo);
    void close_dead(time now, std::vector<action>& todo);
    void probe(const wish& what, time now, std::vector<action>& todo);
    void wake(time at) { wake_at = wake_at ? std::min(*wake_at, at) : at; }
    void limit_the_rest();
    void regroup(time now);
    bool opens_another() const;
    bool all_done() const;
    bool stalled() const;
    bool at_the_front(time now) const;
    path_index poorest_path() const;
    nanoseconds survived_on(path_index path) const;
    void reopen_outlived(time now);
    void ask_survivors(time now, std::vector<action>& todo);

    void on(const opened& seen);
    void on(const open_failed& seen);
    void on(const settled& seen);
    void on(const ended& seen);
    void on(const outage_began& seen);
    void on(const outage_ended& seen);
    void settle(const under_way& probe, const settled& seen);
    void came_late(const settled& seen);

    plan wanted;
    std::vector<nanoseconds> rungs;
    std::vector<nanoseconds> openings;
    evidence known;
    pool connections;
    std::vector<under_way> pending;
    std::vector<group> groups;
    std::optional<time> wake_at{time{}};
    time now_known{};
    probe_id last_probe{};
    std::optional<time> outage_since;
    bool salvo_sent{};
    std::optional<std::vector<survivor>> survivors;  // to ask again; nullopt until it is known
    bool more_wanted{};
    std::uint32_t lates{};
    std::uint32_t refusals{};
    time open_not_before{};
    time refused_until{};
};

planner::state::state(plan asked)
    : wanted{std::move(asked)},
      rungs{rungs_of(wanted)},
      openings{opening_times(wanted)},
      known{wanted.paths.size() * wanted.directions.size(), wanted}
{
    group all;
    all.limit = wanted.idle_max;
    for (std::size_t i = 0; i < wanted.paths.size() * wanted.directions.size(); ++i)
        all.strata.push_back(static_cast<stratum_index>(i));
    groups.push_back(std::move(all));
    regroup({});
}

view planner::state::see(time now) const
{
    return {wanted, rungs, known, connections, pending, now};
}

void planner::state::work(time now, std::vector<action>& todo)
{
    now_known = now;
    wake_at.reset();
    more_wanted = false;
    close_dead(now, todo);
    if (outage_since)
        return;
    limit_the_rest();
    const auto closes_at = std::exchange(wake_at, std::nullopt);
    for (auto& each : groups)
        search(each, now, todo);
    open_due(now, todo);
    if (stalled())
        for (auto& each : groups)
            each.done = true;
    if (all_done() && !salvo_sent)
        salvo(now, todo);
    if (all_done() && salvo_sent)
        ask_survivors(now, todo);
    if (closes_at)
        wake(*closes_at);
}

// Nothing is under way and nothing will be due: there is no connection left to learn from.
bool planner::state::stalled() const
{
    return !all_done() && !wake_at && pending.empty() &&
           std::ranges::count(connections.all(), standing::opening, &connection::is) == 0;
}

void planner::state::search(group& of, time now, std::vector<action>& todo)
{
    // Each probe takes a connection away, so this ends.
    while (!of.done) {
        const auto what = decide(of, see(now));
        more_wanted = more_wanted || what.more_connections;
        if (what.probes.empty()) {
            if (what.again)
                wake(*what.again);
            return;
        }
        for (const auto& each : what.probes)
            probe(each, now, todo);
    }
}

void planner::state::probe(const wish& what, time now, std::vector<action>& todo)
{
    auto& over = *connections.find(what.connection);
    const auto way = wanted.directions[what.where % wanted.directions.size()];
    connections.move(over, standing::probing, now);
    pending.push_back(
        {++last_probe, over.id, what.where, over.age(now), now, connections.crowd_of(over)});
    todo.emplace_back(send_probe{last_probe, over.id, way});
}

// Every connection that should still be alive, once: it costs a round trip if all is well, and
// shows the shape of the expiry.
void planner::state::salvo(time now, std::vector<action>& todo)
{
    salvo_sent = true;
    const auto ways = wanted.directions.size();
    std::size_t turn = 0;
    for (const auto& each : connections.all())
        if (each.is == standing::idle && each.age(now) <= survived_on(each.on))
            probe({each.id, static_cast<stratum_index>(each.on * ways + turn++ % ways)}, now, todo);
}

// Survivors of a zone in which others died are let idle to the same age once more.
void planner::state::ask_survivors(time now, std::vector<action>& todo)
{
    if (!pending.empty() && !survivors)
        return;
    if (!survivors)
        survivors = survivors_of(groups, see(now));
    for (const auto& each : due_survivors(*survivors, see(now)))
        probe(each, now, todo);
    if (const auto next = next_survivor(*survivors, see(now)))
        wake(*next);
}

// A survivor lived beyond the age at which all seemed to be gone: the search goes on.
void planner::state::reopen_outlived(time now)
{
    for (auto& each : groups) {
        if (!each.done || !survivors || each.settled.expired ||
            each.settled.survived >= each.limit || overdue(each, now))
            continue;
        each.done = false;
        salvo_sent = false;
        survivors.reset();
    }
}

// The longest idle age that the groups with a stratum on this path are known to survive.
nanoseconds planner::state::survived_on(path_index path) const
{
    const auto ways = wanted.directions.size();
    nanoseconds least = nanoseconds::max();
    for (const auto& each : groups)
        if (std::ranges::any_of(each.strata, [&](auto where) { return where / ways == path; }))
            least = std::min(least, known.survived(each.strata));
    return least;
}

bool planner::state::all_done() const
{
    return std::ranges::all_of(groups, &group::done);
}

bool planner::state::at_the_front(time now) const
{
    return std::ranges::any_of(groups, [&](const group& each) {
        return !each.done && standing_of(each, see(now)).above.empty();
    });
}

bool planner::state::opens_another() const
{
    return refusals < refusals_max &&
           connections.ever_opened() < replacements_times * wanted.connections &&
           connections.open() < wanted.connections;
}

path_index planner::state::poorest_path() const
{
    std::vector<std::size_t> useful(wanted.paths.size());
    for (const auto& each : connections.all())
        if (each.is != standing::dead && each.is != standing::gone)
            ++useful[each.on];
    return static_cast<path_index>(std::ranges::min_element(useful) - useful.begin());
}

// By the schedule; beyond it only to replace what was lost, while there is still use for it.
void planner::state::open_due(time now, std::vector<action>& todo)
{
    if (all_done())
        return;
    while (opens_another()) {
        const auto count = connections.ever_opened();
        const auto by_now = std::ranges::upper_bound(openings, now) - openings.begin();
        const bool replacing =
            more_wanted || (connections.useful() < by_now && count >= by_now && at_the_front(now));
        if (!replacing && count >= openings.size())
            return;
        const auto due =
            std::max({replacing ? time{} : openings[count], open_not_before, refused_until});
        if (due > now)
            return wake(due);
        const auto path = poorest_path();
        const auto id = connections.add(path, now);
        todo.emplace_back(open_connection{id, wanted.paths[path]});
        const auto pace = from_seconds(1 / wanted.open_rate);
        open_not_before = std::max(due, now - pace) + pace;
    }
}

void planner::state::close_dead(time now, std::vector<action>& todo)
{
    for (auto& each : connections.all()) {
        if (each.is != standing::dead)
            continue;
        if (each.since + listen_after_loss > now) {
            wake(each.since + listen_after_loss);
            continue;
        }
        connections.move(each, standing::gone, now);
        todo.emplace_back(close_connection{each.id});
    }
}

// A group that outlives another is not followed for ever.
void planner::state::limit_the_rest()
{
    if (wanted.exhaustive)
        return;
    for (const auto& each : groups) {
        if (!each.done || !each.settled.expired)
            continue;
        for (auto& other : groups)
            if (!other.done)
                other.limit = std::min(other.limit, outlived_times * *each.settled.expired);
    }
}

// Whenever the evidence has changed.
void planner::state::regroup(time now)
{
    std::vector<group> settled_groups;
    for (auto& each : groups) {
        auto parts = split(each, see(now));
        if (parts.empty())
            settled_groups.push_back(std::move(each));
        else
            std::ranges::move(parts, std::back_inserter(settled_groups));
    }
    groups = std::move(settled_groups);
    for (auto& each : groups)
        each.settled = settled_of(each, see(now));
}

void planner::state::on(const opened& seen)
{
    auto* const here = connections.find(seen.connection);
    if (here == nullptr || here->is != standing::opening)
        return;
    refusals = 0;
    here->silent_since = seen.last_packet;
    connections.move(*here, standing::idle, seen.last_packet);
}

void planner::state::on(const open_failed& seen)
{
    auto* const here = connections.find(seen.connection);
    if (here == nullptr || here->is != standing::opening)
        return;
    connections.move(*here, standing::gone, seen.at);
    // Many are tried at a time: those that fail together are refused once. An outage is no refusal.
    if (outage_since || seen.at < refused_until)
        return;
    refused_until =
        seen.at + std::min(retry_pause_max, retry_pause * (1 << std::min(refusals, 5U)));
    ++refusals;
}

void planner::state::on(const outage_began& seen)
{
    outage_since = outage_since.value_or(seen.at);
    refusals = 0;
}

void planner::state::on(const outage_ended& seen)
{
    if (outage_since)
        for (auto& each : groups)
            each.begun += seen.at - *outage_since;
    outage_since.reset();
}

void planner::state::on(const settled& seen)
{
    const auto found = std::ranges::find(pending, seen.probe, &under_way::probe);
    if (found == pending.end())
        return came_late(seen);
    const auto probe = *found;
    pending.erase(found);
    settle(probe, seen);
    regroup(now_known);
    if (seen.result == outcome::delivered)
        reopen_outlived(now_known);
}

void planner::state::settle(const under_way& probe, const settled& seen)
{
    auto& over = *connections.find(probe.connection);
    switch (seen.result) {
        case outcome::delivered:
            known.deliver(probe.where, seen.idle_age, probe.crowd);
            if (seen.idle_age > over.survived) {
                over.survived = seen.idle_age;
                over.survived_in = probe.where;
            }
            [[fallthrough]];
        case outcome::late:
            over.silent_since = seen.last_packet;
            return connections.move(over, standing::idle, seen.last_packet);
        case outcome::voided:
            known.void_one(probe.where);
            // Nothing is known of it any more: it is closed at once.
            return connections.move(over, standing::dead, now_known - listen_after_loss);
        case outcome::lost:
        case outcome::reset:
        case outcome::closed:
            known.fail({.probe = probe.probe,
                        .connection = probe.connection,
                        .where = probe.where,
                        .age = seen.idle_age,
                        .units = std::max(seen.unanswered, 1U),
                        .by_silence = seen.result == outcome::lost,
                        .crowd = probe.crowd});
            connections.move(
                over, standing::dead,
                seen.result == outcome::lost ? now_known : now_known - listen_after_loss);
    }
}

void planner::state::came_late(const settled& seen)
{
    const bool arrived = seen.result == outcome::late || seen.result == outcome::delivered;
    if (arrived && lates++ < lates_by_chance && known.retract(seen.probe))
        regroup(now_known);
}

// Whoever ended it did so at a known idle age: that tells of every stratum on its path.
void planner::state::on(const ended& seen)
{
    auto* const here = connections.find(seen.connection);
    if (here == nullptr || here->is == standing::gone)
        return;
    std::erase_if(pending,
                  [&](const under_way& each) { return each.connection == seen.connection; });
    const bool told = seen.how == outcome::reset || seen.how == outcome::closed;
    if (told && here->is == standing::idle)
        for (std::size_t way = 0; way < wanted.directions.size(); ++way)
            known.fail(
                {.probe = 0,
                 .connection = seen.connection,
                 .where = static_cast<stratum_index>(here->on * wanted.directions.size() + way),
                 .age = seen.idle_age,
                 .units = 1,
                 .by_silence = false,
                 .crowd = connections.crowd_of(*here)});
    connections.move(*here, standing::gone, seen.at);
    regroup(now_known);
}

planner::planner(plan wanted) : state_{std::make_unique<state>(std::move(wanted))} {}
planner::~planner() = default;
planner::planner(planner&&) noexcept = default;
planner& planner::operator=(planner&&) noexcept = default;

std::vector<action> planner::act(time now)
{
    std::vector<action> todo;
    if (!finished())
        state_->work(now, todo);
    return todo;
}

std::optional<time> planner::wake_at() const
{
    // What comes after the end, a late arrival, needs no turn.
    return finished() ? std::nullopt : state_->wake_at;
}

void planner::on(const event& seen)
{
    std::visit([this](const auto& what) { state_->on(what); }, seen);
    state_->wake_at = state_->now_known;  // it may change everything: act again
}

bool planner::finished() const
{
    const auto& s = *state_;
    return s.pending.empty() && s.all_done() && s.survivors && s.survivors->empty();
}

phase planner::now_in() const
{
    const auto& s = *state_;
    if (finished())
        return phase::finished;
    auto furthest = phase::opening;
    for (const auto& each : s.groups)
        if (!each.done && each.doing > furthest)
            furthest = each.doing;
    const bool opening = s.connections.ever_opened() < s.openings.size();
    return opening && furthest == phase::searching ? phase::opening : furthest;
}

std::vector<bracket> planner::brackets() const
{
    const auto& s = *state_;
    std::vector<bracket> all;
    for (const auto& each : s.groups)
        for (const auto where : each.strata) {
            const auto& here = s.known.of(where);
            bracket one;
            one.where.on = s.wanted.paths[where / s.wanted.directions.size()];
            one.where.way = s.wanted.directions[where % s.wanted.directions.size()];
            one.survived = here.survived;
            one.delivered = here.delivered;
            one.not_delivered = here.not_delivered;
            one.voided = here.voided;
            one.done = each.done;
            for (const auto& failed : s.known.failures())
                if (failed.where == where && failed.age > here.survived)
                    one.expired = std::min(one.expired.value_or(failed.age), failed.age);
            all.push_back(one);
        }
    std::ranges::sort(all, {}, &bracket::where);
    return all;
}

time planner::expected_end() const
{
    const auto& s = *state_;
    if (s.all_done())
        return s.now_known + s.wanted.verdict_after;
    nanoseconds longest{};
    for (const auto& each : s.groups)
        longest = std::max(longest, each.limit);
    return longest + s.wanted.verdict_after;
}

}  // namespace deadair::planner
