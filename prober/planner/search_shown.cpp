// How far a search has come.
#include <algorithm>

#include "prober/planner/search.hpp"

namespace deadair::planner {

bool search::needs_time() const
{
    if (crowded_)
        return memory_.connections().open() > 0;
    return !memory_.pending().empty() || !all_done() || !asked_all_;
}

std::optional<time> search::expected_end() const
{
    const auto verdict = memory_.wanted().verdict_after;
    if (all_done()) {
        const auto last =
            last_due(appointments_.value_or(std::vector<appointment>{}), memory_.see(now_));
        return last.value_or(now_) + verdict;
    }
    time last{};
    for (const auto& each : groups_)
        last = std::max(last, std::min(time{each.limit}, has_until(each)));
    return last + verdict;
}

// Each group in its own time: what lives longer than others is not refreshed by their measure.
void search::tell(known_so_far& all) const
{
    all.pace = std::max(all.pace, opener_.pace());
    all.crowded = all.crowded || (crowded_ && !needs_time());
    if (crowded_)
        return;
    for (const auto& each : groups_) {
        const auto& known = each.settled;
        if ((!each.done && each.doing < phase::verifying) || known.above.empty())
            continue;
        for (const auto where : each.strata)
            all.expired.emplace(stratum_of(where), known.expired.value_or(known.above[0].age));
    }
}

stratum search::stratum_of(stratum_index where) const
{
    const auto& of = memory_.wanted();
    return {.on = of.paths[where / of.directions.size()],
            .way = of.directions[where % of.directions.size()]};
}

void search::show(overview& whole) const
{
    if (crowded_)
        return;
    whole.doing = now_in();
    whole.brackets = brackets();
}

phase search::now_in() const
{
    if (!needs_time())
        return phase::finished;
    if (all_done())
        return phase::verifying;
    auto furthest = phase::opening;
    for (const auto& each : groups_)
        if (!each.done && each.doing > furthest)
            furthest = each.doing;
    const bool opening = opener_.scheduled(memory_.connections());
    return opening && furthest == phase::searching ? phase::opening : furthest;
}

std::vector<bracket> search::brackets() const
{
    std::vector<bracket> all;
    for (const auto& each : groups_)
        for (const auto where : each.strata)
            all.push_back(bracket_of(where, each.done));
    for (const auto where : left_out_)
        all.push_back(bracket_of(where, true));
    std::ranges::sort(all, {}, &bracket::where);
    return all;
}

bracket search::bracket_of(stratum_index where, bool done) const
{
    const auto& here = memory_.known().of(where);
    bracket one;
    one.where = stratum_of(where);
    one.survived = here.survived;
    one.delivered = here.delivered;
    one.not_delivered = here.not_delivered;
    one.voided = here.voided;
    one.done = done;
    for (const auto& failed : memory_.known().failures())
        if (failed.where == where && failed.age > here.survived)
            one.expired = std::min(one.expired.value_or(failed.age), failed.age);
    return one;
}

}  // namespace deadair::planner
