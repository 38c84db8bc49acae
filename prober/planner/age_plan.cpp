#include "prober/planner/age_plan.hpp"

#include <algorithm>
#include <utility>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// From one opening to the next; the eighths of a second keep their messages apart.
constexpr nanoseconds stagger = 2125ms;
// From one message to the next: this, or the share of the age, so that the age of a cut is known to
// a hundredth and a day still makes no more than some hundred messages.
constexpr nanoseconds pause_min = 1s;
constexpr int pause_share = 100;
// Data meanwhile: well below the shortest idle timeout that the run looks for.
constexpr nanoseconds interval_min = 250ms;
constexpr nanoseconds interval_max = 10s;
constexpr std::uint32_t tries_max = 4;
constexpr nanoseconds retry_pause = 2s;
// Messages in a row that nobody can vouch for, until another connection takes the place.
constexpr std::uint32_t voided_max = 3;
// Messages of one direction, until that is not asked any more while the other tells something.
constexpr std::uint32_t only_voided_max = 20;
// So many cut at one age make a finding.
constexpr std::uint32_t cut_enough = 3;

}  // namespace

age_plan::age_plan(plan wanted, lasting how) : wanted_{std::move(wanted)}, how_{how}
{
    for (std::uint32_t i = 0; i < connections; ++i) {
        slot one;
        one.on = wanted_.paths[i % wanted_.paths.size()];
        one.due = i * stagger;
        slots_.push_back(one);
    }
}

std::vector<action> age_plan::act(time now, const known_so_far& of_all)
{
    std::vector<action> todo;
    now_ = now;
    for (const auto each : to_close_)
        todo.emplace_back(close_connection{each});
    to_close_.clear();
    alone_ = how_ == lasting::with_others && of_all.over;
    if (!outage_ && !alone_)
        for (auto& each : slots_)
            if (each.due <= now)
                step(each, todo);
    return todo;
}

void age_plan::step(slot& which, std::vector<action>& todo)
{
    switch (which.is) {
        case standing::waiting:
            which.is = standing::opening;
            which.connection = ++last_connection_;
            ++which.tries;
            todo.emplace_back(open_connection{which.connection, which.on});
            return;
        case standing::opened:
            which.is = standing::busy;
            which.due = now_ + pause_min;
            todo.emplace_back(
                start_refresh{.connection = which.connection,
                              .how = {refresh::data, refresh_side::both},
                              .every = std::chrono::floor<std::chrono::milliseconds>(
                                  std::clamp(wanted_.idle_min / 2, interval_min, interval_max))});
            return;
        case standing::busy:
            which.is = standing::probing;
            which.probe = ++last_probe_;
            which.way = next_way(which);
            ++which.said;
            todo.emplace_back(send_probe{which.probe, which.connection, which.way});
            return;
        case standing::opening:
        case standing::probing:
        case standing::over:
            return;
    }
}

// The directions take turns, but for one for which nobody can vouch.
direction age_plan::next_way(const slot& of) const
{
    const auto& ways = wanted_.directions;
    const auto vouched = [&](direction each) {
        const auto found = only_voided_.find(each);
        return found == only_voided_.end() || found->second < only_voided_max;
    };
    const auto first = of.said % ways.size();
    for (std::size_t i = 0; i < ways.size(); ++i)
        if (const auto way = ways[(first + i) % ways.size()]; vouched(way))
            return way;
    return ways[first];
}

// None once one has told something: 0 stays 0.
void age_plan::count(const slot& of, outcome result)
{
    const auto first = only_voided_.try_emplace(of.way, result == outcome::voided ? 1 : 0);
    auto& voids = first.first->second;
    if (result != outcome::voided)
        voids = 0;
    else if (!first.second && voids > 0)
        ++voids;
}

std::optional<time> age_plan::wake_at() const
{
    std::optional<time> soonest;
    if (outage_ || alone_)
        return soonest;
    for (const auto& each : slots_)
        if (each.is == standing::waiting || each.is == standing::opened ||
            each.is == standing::busy)
            soonest = std::min(soonest.value_or(each.due), each.due);
    return soonest;
}

age_plan::slot* age_plan::slot_of(connection_id id)
{
    const auto found = std::ranges::find(slots_, id, &slot::connection);
    return found == slots_.end() || found->is == standing::over ? nullptr : &*found;
}

void age_plan::again(slot& which, time at)
{
    if (which.connection != 0)
        to_close_.push_back(which.connection);
    which.is = which.tries < tries_max ? standing::waiting : standing::over;
    which.connection = 0;
    which.due = at;
}

void age_plan::settle(slot& which, outcome result, time at)
{
    // An outage says nothing of the connection: it is asked again, a bounded number of times.
    if (result == outcome::voided && ++which.voided > voided_max)
        return again(which, at + retry_pause);
    if (result == outcome::delivered)
        which.voided = 0;
    if (result == outcome::voided || result == outcome::delivered || result == outcome::late) {
        which.is = standing::busy;
        which.due = at + std::max(pause_min, (at - which.opened) / pause_share);
        return;
    }
    which.is = standing::over;
    if (cut_++ == 0)
        first_cut_ = at;
}

void age_plan::on(const event& seen)
{
    if (const auto* is = std::get_if<opened>(&seen)) {
        if (auto* const here = slot_of(is->connection)) {
            here->is = standing::opened;
            here->opened = is->last_packet;
            here->due = is->last_packet;
        }
    } else if (const auto* failed = std::get_if<open_failed>(&seen)) {
        if (auto* const here = slot_of(failed->connection))
            again(*here, failed->at + retry_pause);
    } else if (const auto* done = std::get_if<settled>(&seen)) {
        const auto found = std::ranges::find(slots_, done->probe, &slot::probe);
        if (found == slots_.end() || found->is != standing::probing)
            return;
        count(*found, done->result);
        settle(*found, done->result, done->result == outcome::delivered ? done->last_packet : now_);
    } else if (const auto* over = std::get_if<ended>(&seen)) {
        if (auto* const here = slot_of(over->connection))
            over->how == outcome::voided ? again(*here, over->at + retry_pause)
                                         : settle(*here, over->how, over->at);
    } else {
        outage_ = std::holds_alternative<outage_began>(seen);
    }
}

bool age_plan::needs_time() const
{
    const bool any =
        std::ranges::any_of(slots_, [](const slot& each) { return each.is != standing::over; });
    return unsettled() || (how_ == lasting::by_itself && any);
}

bool age_plan::unsettled() const
{
    constexpr nanoseconds patience = connections * stagger + 10s;
    return cut_ > 0 && cut_ < cut_enough && now_ < first_cut_ + patience;
}

void age_plan::tell(known_so_far& all) const
{
    all.busy_cut = all.busy_cut || cut_ >= cut_enough;
}

void age_plan::show(overview& whole) const
{
    if (whole.doing == phase::finished && needs_time())
        whole.doing = phase::ageing;
}

}  // namespace deadair::planner
