#include "prober/planner/asked_again.hpp"

#include <algorithm>
#include <cmath>

namespace deadair::planner {

namespace {

const connection* idle_one(const view& see, connection_id id)
{
    const auto* const found = see.connections.find(id);
    return found != nullptr && found->is == standing::idle ? found : nullptr;
}

// Groups whose edges are this close may have been told apart by a spread.
constexpr double close_to_each_other = 0.1;

// Of so many survivors one goes on to the age at which all seem to be gone: those that died there
// may have been of the kind that dies early, and this one is not.
constexpr std::size_t beyond_every = 6;

bool holds(std::span<const stratum_index> strata, stratum_index where)
{
    return std::ranges::find(strata, where) != strata.end();
}

std::vector<stratum_index> strata_close_to(const group& of, std::span<const group> all,
                                           const view& see)
{
    const auto edge = to_seconds(see.known.survived(of.strata));
    std::vector<stratum_index> close;
    for (const auto& each : all)
        if (std::abs(to_seconds(see.known.survived(each.strata)) - edge) <=
            close_to_each_other * edge)
            close.insert(close.end(), each.strata.begin(), each.strata.end());
    return close;
}

}  // namespace

std::vector<appointment> survivors_of(std::span<const group> groups, const view& see)
{
    std::vector<appointment> found;
    for (const auto& of : groups) {
        const auto from = see.known.zone_begins(strata_close_to(of, groups, see));
        if (!from)
            continue;
        const auto edge = of.settled.expired;
        std::size_t count = 0;
        for (const auto& each : see.connections.all()) {
            if (each.is != standing::idle || each.survived < *from ||
                !holds(of.strata, each.survived_in))
                continue;
            const bool beyond = edge && ++count % beyond_every == 0;
            found.push_back({each.id, each.survived_in,
                             beyond ? std::max(*edge, each.survived) : each.survived});
        }
    }
    return found;
}

std::vector<wish> take_due(std::vector<appointment>& waiting, const view& see)
{
    std::vector<wish> due;
    std::erase_if(waiting, [&](const appointment& each) {
        const auto* const over = idle_one(see, each.connection);
        const bool ready = over != nullptr && over->age(see.now) >= each.age;
        if (ready)
            due.push_back({each.connection, each.where});
        return over == nullptr || ready;
    });
    return due;
}

std::optional<time> next_due(std::span<const appointment> waiting, const view& see)
{
    std::optional<time> next;
    for (const auto& each : waiting)
        if (const auto* const over = idle_one(see, each.connection))
            next = std::min(next.value_or(time::max()), over->silent_since + each.age);
    return next;
}

std::optional<time> last_due(std::span<const appointment> waiting, const view& see)
{
    std::optional<time> last;
    for (const auto& each : waiting)
        if (const auto* const over = idle_one(see, each.connection))
            last = std::max(last.value_or(time{}), over->silent_since + each.age);
    return last;
}

}  // namespace deadair::planner
