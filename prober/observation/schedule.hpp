#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "prober/observation/flight.hpp"

namespace deadair::observation {

/// One deadline for each of many things of a kind; the next wake-up is the least of them.
template <class Key>
class schedule {
public:
    /// In place of the one before.
    void set(const Key& which, time at)
    {
        clear(which);
        at_.emplace(which, at);
        order_.emplace(at, which);
    }
    void clear(const Key& which)
    {
        const auto found = at_.find(which);
        if (found == at_.end())
            return;
        order_.erase({found->second, which});
        at_.erase(found);
    }
    /// The first whose deadline is past; a deadline passes once.
    std::optional<Key> take(time now)
    {
        if (order_.empty() || order_.begin()->first > now)
            return std::nullopt;
        const auto which = order_.begin()->second;
        clear(which);
        return which;
    }
    std::optional<time> next() const
    {
        return order_.empty() ? std::nullopt : std::optional{order_.begin()->first};
    }

private:
    std::map<Key, time> at_;
    std::set<std::pair<time, Key>> order_;
};

}  // namespace deadair::observation
