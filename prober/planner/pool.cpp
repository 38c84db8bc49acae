#include "prober/planner/pool.hpp"

#include <algorithm>

namespace deadair::planner {

connection_id pool::add(path_index on, time now)
{
    const auto id = static_cast<connection_id>(all_.size() + 1);
    all_.push_back(
        {.id = id, .on = on, .is = standing::opening, .silent_since = now, .since = now});
    ++open_;
    return id;
}

connection* pool::find(connection_id id)
{
    return id >= 1 && id <= all_.size() ? &all_[id - 1] : nullptr;
}

const connection* pool::find(connection_id id) const
{
    return id >= 1 && id <= all_.size() ? &all_[id - 1] : nullptr;
}

void pool::move(connection& which, standing to, time now)
{
    if (which.is != standing::gone && to == standing::gone)
        --open_;
    which.is = to;
    which.since = now;
}

std::uint32_t pool::crowd_of(const connection& which) const
{
    return static_cast<std::uint32_t>(std::ranges::count_if(
        all_, [&](const connection& each) { return each.silent_since > which.silent_since; }));
}

std::uint32_t pool::useful() const
{
    return static_cast<std::uint32_t>(std::ranges::count_if(all_, [](const connection& each) {
        return each.is != standing::dead && each.is != standing::gone;
    }));
}

}  // namespace deadair::planner
