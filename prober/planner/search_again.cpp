// What a search asks once it knows its answer.
#include <algorithm>
#include <utility>

#include "prober/planner/search.hpp"

namespace deadair::planner {

// Every connection that should still be alive, once: it costs a round trip if all is well, and
// shows the shape of the expiry.
void search::salvo(time now, std::vector<action>& todo)
{
    salvo_sent_ = true;
    const auto ways = memory_.wanted().directions.size();
    std::size_t turn = 0;
    for (const auto& each : memory_.connections().all()) {
        if (each.is != standing::idle || each.age(now) > survived_on(each.on))
            continue;
        const auto where = static_cast<stratum_index>(each.on * ways + turn++ % ways);
        if (std::ranges::find(left_out_, where) == left_out_.end())
            todo.emplace_back(memory_.ask({each.id, where}, now));
    }
}

// Survivors of a zone in which others died are let idle to the same age once more; and all that
// there are, whether they live to the answer.
void search::ask_again(time now, std::vector<action>& todo)
{
    const bool none_pending = memory_.pending().empty();
    if (!appointments_ && !none_pending)
        return;
    const bool first = !appointments_;
    if (first)
        appointments_ = survivors_of(groups_, memory_.see(now));
    const bool kept =
        none_pending && appointments_->empty() && !sample_.gathers(memory_.connections());
    const bool begun =
        (first || kept) && memory_.wanted().sampled && sample_.begin(groups_, memory_.see(now));
    asked_all_ = kept && !begun;
    if (begun)
        for (const auto each : sample_.known_to_live(groups_, memory_.see(now)))
            todo.emplace_back(memory_.release(each, now));
    open_sample(now, todo);
    sample_.appoint(*appointments_, groups_, memory_.see(now));
    for (const auto& each : take_due(*appointments_, memory_.see(now)))
        todo.emplace_back(memory_.ask(each, now));
    if (const auto next = next_due(*appointments_, memory_.see(now)))
        wake(*next);
}

void search::open_sample(time now, std::vector<action>& todo)
{
    const auto& so_far = memory_.connections();
    for (; sample_.to_open() > 0; sample_.opens()) {
        if (!opener_.may_open(so_far, now)) {
            // Places become free as those that are dead are closed; for any other reason none does.
            const auto until = sample_.opens_until();
            if (so_far.open() < memory_.wanted().connections || until <= now)
                return sample_.stop_opening();
            return wake(until);
        }
        const auto due = *opener_.next_at(so_far, true);
        if (due > now)
            return wake(due);
        opener_.opens(due, now);
        todo.emplace_back(memory_.open(now));
    }
}

// Whoever asks with fewer needs their places. Before they go each says what became of it: nobody
// knows of a crowd that was never asked.
void search::leave_the_crowd(time now, std::vector<action>& todo)
{
    const auto ways = memory_.wanted().directions.size();
    const bool first = !std::exchange(crowded_, true);
    std::size_t turn = 0;
    for (const auto& each : memory_.connections().all()) {
        if (first && each.is == standing::idle)
            todo.emplace_back(memory_.ask(
                {each.id, static_cast<stratum_index>(each.on * ways + turn++ % ways)}, now));
        else if (each.is == standing::idle || each.is == standing::dead)
            todo.emplace_back(memory_.release(each.id, now));
    }
}

// A survivor lived beyond the age at which all seemed to be gone: the search goes on, but as others
// that outlive what died not for ever.
void search::reopen_outlived(time now)
{
    for (auto& each : groups_) {
        if (!each.done || !appointments_ || each.settled.expired ||
            each.settled.survived >= each.limit || now > has_until(each))
            continue;
        if (!memory_.wanted().exhaustive)
            each.limit = std::min(each.limit, outlived_times * each.settled.survived);
        each.done = false;
        salvo_sent_ = false;
        appointments_.reset();
        asked_all_ = false;
    }
}

}  // namespace deadair::planner
