#include "prober/planner/memory.hpp"

#include <algorithm>
#include <limits>

#include "prober/planner/ladder.hpp"

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// A connection on which a probe was lost stays open, in case the probe arrives late.
constexpr nanoseconds listen_after_loss = 15s;
// Where others need its place.
constexpr nanoseconds listen_at_least = 4s;
// The far end may take so long to say whether the path works, before an end is believed.
constexpr nanoseconds listen_after_void = 2s;
// So many in a row, and none before, are all of a path.
constexpr std::uint32_t unreachable_after = 6;
// A refused one stands for so many that are open when it is decided where the next one opens.
constexpr std::size_t refused_weight = 8;

}  // namespace

memory::memory(plan wanted)
    : wanted_{std::move(wanted)},
      rungs_{rungs_of(wanted_)},
      known_{wanted_.paths.size() * wanted_.directions.size(), wanted_},
      reached_(wanted_.paths.size())
{
}

view memory::see(time now) const
{
    return {wanted_, rungs_, known_, connections_, pending_, now};
}

open_connection memory::open(time now)
{
    std::vector<std::size_t> useful(wanted_.paths.size());
    // A path that lets nothing in is not to keep the others waiting.
    for (std::size_t on = 0; on < reached_.size(); ++on)
        if (!reached_[on].opened)
            useful[on] = is_unreachable(static_cast<path_index>(on))
                             ? std::numeric_limits<std::size_t>::max() / 2
                             : refused_weight * reached_[on].refused;
    for (const auto& each : connections_.all())
        if (each.is != standing::dead && each.is != standing::gone)
            ++useful[each.on];
    const auto poorest = static_cast<path_index>(std::ranges::min_element(useful) - useful.begin());
    return {connections_.add(poorest, now), wanted_.paths[poorest]};
}

send_probe memory::ask(const wish& what, time now)
{
    auto& over = *connections_.find(what.connection);
    connections_.move(over, standing::probing, now);
    pending_.push_back(
        {++last_probe_, over.id, what.where, over.age(now), now, connections_.crowd_of(over)});
    return {last_probe_, over.id, wanted_.directions[what.where % wanted_.directions.size()]};
}

close_connection memory::release(connection_id which, time now)
{
    connections_.move(*connections_.find(which), standing::gone, now);
    return {which};
}

std::optional<time> memory::close_dead(time now, bool places_needed, std::vector<action>& todo)
{
    std::optional<time> next;
    for (auto& each : connections_.all()) {
        if (each.is != standing::dead)
            continue;
        const auto until = each.since + (places_needed ? listen_at_least : listen_after_loss);
        if (until > now) {
            next = std::min(next.value_or(until), until);
            continue;
        }
        connections_.move(each, standing::gone, now);
        todo.emplace_back(close_connection{each.id});
    }
    return next;
}

bool memory::on(const opened& seen)
{
    auto* const here = connections_.find(seen.connection);
    if (here == nullptr || here->is != standing::opening)
        return false;
    here->silent_since = seen.last_packet;
    connections_.move(*here, standing::idle, seen.last_packet);
    reached_[here->on].opened = true;
    return true;
}

bool memory::on(const open_failed& seen)
{
    auto* const here = connections_.find(seen.connection);
    if (here == nullptr || here->is != standing::opening)
        return false;
    connections_.move(*here, standing::gone, seen.at);
    return true;
}

bool memory::refused(path_index on)
{
    const bool any_opened = std::ranges::any_of(reached_, &reach::opened);
    if (reached_[on].opened || !any_opened)
        return false;
    ++reached_[on].refused;
    return true;
}

bool memory::is_unreachable(path_index on) const
{
    return !reached_[on].opened && reached_[on].refused >= unreachable_after;
}

bool memory::awaits(probe_id probe) const
{
    return std::ranges::find(pending_, probe, &under_way::probe) != pending_.end();
}

void memory::settle(const settled& seen, time now)
{
    const auto found = std::ranges::find(pending_, seen.probe, &under_way::probe);
    const auto probe = *found;
    pending_.erase(found);
    auto& over = *connections_.find(probe.connection);
    switch (seen.result) {
        case outcome::delivered:
            known_.deliver(
                {probe.where, seen.idle_age, seen.idle_age_error, probe.sent, probe.crowd});
            if (seen.idle_age > over.survived) {
                over.survived = seen.idle_age;
                over.survived_in = probe.where;
            }
            [[fallthrough]];
        case outcome::late:
            over.silent_since = seen.last_packet;
            return connections_.move(over, standing::idle, seen.last_packet);
        case outcome::lost:
            failed(probe, seen);
            return connections_.move(over, standing::dead, now);
        case outcome::voided:
            known_.void_one(probe.where, now);
            break;
        case outcome::reset:
        case outcome::closed:
            failed(probe, seen);
            break;
    }
    // Nothing more is to be learned from it, unless it is just being told that it ended by itself.
    const auto listen = seen.result == outcome::voided ? listen_after_void : 0ns;
    connections_.move(over, standing::dead, now + listen - listen_after_loss);
}

void memory::failed(const under_way& probe, const settled& seen)
{
    known_.fail({.probe = probe.probe,
                 .connection = probe.connection,
                 .where = probe.where,
                 .age = seen.idle_age,
                 .error = seen.idle_age_error,
                 .units = std::max(seen.unanswered, 1U),
                 .by_silence = seen.result == outcome::lost,
                 .crowd = probe.crowd,
                 .at = probe.sent});
}

bool memory::came_late(const settled& seen)
{
    const bool arrived = seen.result == outcome::late || seen.result == outcome::delivered;
    return arrived && known_.retract(seen.probe);
}

// Whoever ended it did so at a known idle age: that tells of every stratum on its path.
bool memory::on(const ended& seen)
{
    auto* const here = connections_.find(seen.connection);
    if (here == nullptr || here->is == standing::gone)
        return false;
    std::erase_if(pending_,
                  [&](const under_way& each) { return each.connection == seen.connection; });
    const bool told = seen.how == outcome::reset || seen.how == outcome::closed;
    const auto ways = wanted_.directions.size();
    if (told && !known_.has_failed(seen.connection))
        for (std::size_t way = 0; way < ways; ++way)
            known_.fail({.probe = 0,
                         .connection = seen.connection,
                         .where = static_cast<stratum_index>(here->on * ways + way),
                         .age = seen.idle_age,
                         .error = seen.idle_age_error,
                         .units = 1,
                         .by_silence = false,
                         .crowd = connections_.crowd_of(*here),
                         .at = seen.at});
    connections_.move(*here, standing::gone, seen.at);
    return true;
}

}  // namespace deadair::planner
