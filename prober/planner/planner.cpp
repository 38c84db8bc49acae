#include "prober/planner/planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// Not delivered so often, on as many connections: then a stratum is decided.
constexpr std::uint32_t losses_wanted = 2;
// A stratum that lives so many times longer than another is said to outlive it.
constexpr int outlived_times = 3;
// Unanswered for so long, after two retransmissions at least, is hardly packet loss any more.
constexpr nanoseconds suspect_after = 1s;
// From one idle age to the next, for a connection that was probed and lives.
constexpr double next_step = 1.2;
// Tries to open a connection, and the pause before each further one.
constexpr std::uint32_t tries_max = 5;
constexpr nanoseconds retry_pause = 1s;

bool is_failure(outcome result)
{
    return result == outcome::lost || result == outcome::reset || result == outcome::closed;
}

// One connection, its place on the ladder, and how far it has come.
struct rung {
    stratum where;
    nanoseconds age{};  // at which it is probed
    time idle_since{};
    time open_at{};
    std::uint32_t tries{};
    bool opening{};
    bool open{};
    bool spent{};
};

}  // namespace

std::string_view to_string(phase value)
{
    switch (value) {
        case phase::opening:
            return "opening";
        case phase::searching:
            return "searching";
        case phase::confirming:
            return "confirming";
        case phase::verifying:
            return "verifying";
        case phase::finished:
            return "finished";
    }
    return "";
}

std::optional<std::string> refuse(const plan& wanted)
{
    const auto strata = wanted.paths.size() * wanted.directions.size();
    if (wanted.idle_min >= wanted.idle_max)
        return fmt::format("--min-idle {} is not below --max-idle {}",
                           format_duration(wanted.idle_min), format_duration(wanted.idle_max));
    if (wanted.connections < strata * (losses_wanted + 1))
        return fmt::format("--connections {} is too few for {} strata; use at least {}",
                           wanted.connections, strata, strata * (losses_wanted + 1));
    return std::nullopt;
}

struct planner::state {
    plan wanted;
    std::map<connection_id, rung> rungs;
    std::map<probe_id, connection_id> probes;
    std::map<stratum, bracket> strata;
    std::map<probe_id, time> under_way;  // and when each was sent
    probe_id last_probe{};
    bool outage{};
    bool all_asked{};  // the first loss was answered with a probe on every connection

    bool decided(const stratum& where) const;
    bool wanted_still(const rung& one) const { return !one.spent && !decided(one.where); }
    std::optional<nanoseconds> first_expiry() const;
    bool suspicious(time now) const;
    action probe_now(connection_id id, rung& one, time now);
    void settle(const settled& seen);
    void recycle(rung& one, time last_packet);
};

std::optional<nanoseconds> planner::state::first_expiry() const
{
    std::optional<nanoseconds> first;
    for (const auto& [where, one] : strata)
        if (one.expired && one.not_delivered >= losses_wanted)
            first = std::min(first.value_or(*one.expired), *one.expired);
    return first;
}

bool planner::state::decided(const stratum& where) const
{
    const auto& one = strata.at(where);
    if (one.not_delivered >= losses_wanted)
        return true;
    const auto first = first_expiry();
    return !wanted.exhaustive && first && one.survived >= outlived_times * *first;
}

bool planner::state::suspicious(time now) const
{
    return std::ranges::any_of(
        under_way, [&](const auto& each) { return now - each.second >= suspect_after; });
}

action planner::state::probe_now(connection_id id, rung& one, time now)
{
    one.spent = true;
    probes[++last_probe] = id;
    under_way.emplace(last_probe, now);
    return send_probe{last_probe, id, one.where.way};
}

// What was probed and lives is a reserve, which waits for a longer idle age.
void planner::state::recycle(rung& one, time last_packet)
{
    const auto& here = strata.at(one.where);
    auto next = from_seconds(to_seconds(here.survived) * next_step);
    if (const auto first = first_expiry())
        next = std::max(next, outlived_times * *first + 1s);
    one.spent = next > wanted.idle_max;
    one.age = next;
    one.idle_since = last_packet;
}

planner::planner(plan wanted) : state_{std::make_unique<state>()}
{
    auto& s = *state_;
    s.wanted = std::move(wanted);
    for (const auto& on : s.wanted.paths)
        for (const auto way : s.wanted.directions) {
            const stratum where{.on = on, .way = way};
            s.strata[where].where = where;
        }
    // Idle ages in geometric steps: the same relative gap everywhere, each stratum in its turn.
    const double reach = to_seconds(s.wanted.idle_max) / to_seconds(s.wanted.idle_min);
    const auto count = s.wanted.connections;
    auto where = s.strata.begin();
    for (std::uint32_t i = 0; i < count; ++i) {
        const double share = count > 1 ? static_cast<double>(i) / (count - 1) : 0;
        auto& one = s.rungs[i + 1];
        one.where = where->first;
        one.age = from_seconds(to_seconds(s.wanted.idle_min) * std::pow(reach, share));
        one.open_at = from_seconds(i / s.wanted.open_rate);
        if (++where == s.strata.end())
            where = s.strata.begin();
    }
}

planner::~planner() = default;
planner::planner(planner&&) noexcept = default;
planner& planner::operator=(planner&&) noexcept = default;

std::vector<action> planner::act(time now)
{
    auto& s = *state_;
    std::vector<action> todo;
    if (s.outage)
        return todo;
    // The connections were opened one after the other: asking all at once, the moment a first one
    // is silent, brackets the timeout by the gaps between them.
    const bool ask_all = !s.all_asked && s.suspicious(now);
    s.all_asked = s.all_asked || ask_all;
    for (auto& [id, one] : s.rungs) {
        if (!s.wanted_still(one))
            continue;
        if (!one.open && !one.opening && one.open_at <= now) {
            one.opening = true;
            ++one.tries;
            todo.emplace_back(open_connection{id, one.where.on});
        } else if (one.open && (ask_all || one.idle_since + one.age <= now)) {
            todo.push_back(s.probe_now(id, one, now));
        }
    }
    return todo;
}

std::optional<time> planner::wake_at() const
{
    const auto& s = *state_;
    std::optional<time> wake;
    if (s.outage)
        return wake;
    for (const auto& [id, one] : s.rungs) {
        if (!s.wanted_still(one) || one.opening)
            continue;
        const auto at = one.open ? one.idle_since + one.age : one.open_at;
        wake = wake ? std::min(*wake, at) : at;
    }
    if (!s.all_asked)
        for (const auto& [probe, sent] : s.under_way)
            wake = wake ? std::min(*wake, sent + suspect_after) : sent + suspect_after;
    return wake;
}

void planner::state::settle(const settled& seen)
{
    const auto found = probes.find(seen.probe);
    if (found == probes.end())
        return;
    auto& here = strata.at(rungs.at(found->second).where);
    const bool first = under_way.erase(seen.probe) != 0;
    if (!first && !is_failure(seen.result) && here.not_delivered > 0)
        --here.not_delivered;  // it came after all
    if (seen.result == outcome::delivered) {
        ++here.delivered;
        here.survived = std::max(here.survived, seen.idle_age);
        recycle(rungs.at(found->second), seen.last_packet);
    } else if (seen.result == outcome::voided) {
        ++here.voided;
    } else if (first && is_failure(seen.result)) {
        ++here.not_delivered;
        here.expired = std::min(here.expired.value_or(seen.idle_age), seen.idle_age);
    }
}

void planner::on(const event& seen)
{
    auto& s = *state_;
    if (const auto* up = std::get_if<opened>(&seen)) {
        auto& one = s.rungs[up->connection];
        one.opening = false;
        one.open = true;
        one.idle_since = up->last_packet;
    } else if (const auto* failed = std::get_if<open_failed>(&seen)) {
        auto& one = s.rungs[failed->connection];
        one.opening = false;
        one.open_at = failed->at + retry_pause;
        one.spent = one.tries >= tries_max;
    } else if (const auto* verdict = std::get_if<settled>(&seen)) {
        s.settle(*verdict);
    } else if (const auto* end = std::get_if<ended>(&seen)) {
        auto& one = s.rungs[end->connection];
        if (!one.spent && is_failure(end->how))
            ++s.strata.at(one.where).not_delivered;
        one.spent = true;
    } else {
        s.outage = std::holds_alternative<outage_began>(seen);
    }
}

bool planner::finished() const
{
    const auto& s = *state_;
    return s.under_way.empty() && std::ranges::none_of(s.rungs, [&](const auto& each) {
               return s.wanted_still(each.second);
           });
}

phase planner::now_in() const
{
    if (finished())
        return phase::finished;
    const bool all_open = std::ranges::all_of(
        state_->rungs, [](const auto& each) { return each.second.open || each.second.spent; });
    return all_open ? phase::searching : phase::opening;
}

std::vector<bracket> planner::brackets() const
{
    std::vector<bracket> all;
    for (const auto& [where, one] : state_->strata) {
        all.push_back(one);
        all.back().done = state_->decided(where);
    }
    return all;
}

time planner::expected_end() const
{
    time last{};
    for (const auto& [id, one] : state_->rungs)
        last = std::max(last, (one.open ? one.idle_since : one.open_at) + one.age);
    return last + state_->wanted.verdict_after;
}

}  // namespace deadair::planner
