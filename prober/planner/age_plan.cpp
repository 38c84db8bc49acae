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
            todo.emplace_back(
                send_probe{which.probe, which.connection,
                           wanted_.directions[which.said++ % wanted_.directions.size()]});
            return;
        case standing::opening:
        case standing::probing:
        case standing::over:
            return;
    }
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
        if (found != slots_.end() && found->is == standing::probing)
            settle(*found, done->result,
                   done->result == outcome::delivered ? done->last_packet : now_);
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
