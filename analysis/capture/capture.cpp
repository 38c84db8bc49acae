#include "analysis/capture/capture.hpp"

#include <algorithm>
#include <vector>

namespace deadair::capture {

capture::capture(const limits& what, std::function<void(const conversation&)> take)
    : limits_{what}, take_{std::move(take)}
{
}

void capture::on(const segment& seen)
{
    ++segments_;
    const auto [low, high] = std::minmax(seen.from, seen.to);
    const key which{low, high};
    auto found = open_.find(which);
    // The same ports again: a new connection, unless it is the same SYN again.
    if (found != open_.end() && seen.flags.syn && !seen.flags.acknowledges &&
        (found->second.over() || seen.at - found->second.first_at() > std::chrono::minutes{2})) {
        end(found);
        found = open_.end();
    }
    if (found == open_.end()) {
        if (open_.size() >= limits_.open_max)
            make_room();
        found = open_.try_emplace(which, seen, limits_.of_each).first;
    }
    found->second.on(seen);
}

void capture::finish()
{
    while (!open_.empty())
        end(open_.begin());
}

void capture::end(table::iterator which)
{
    which->second.finish();
    take_(which->second);
    open_.erase(which);
}

// A tenth at a time, so that it costs little for each.
void capture::make_room()
{
    std::vector<table::iterator> all;
    for (auto each = open_.begin(); each != open_.end(); ++each)
        all.push_back(each);
    const auto tenth = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 10 + 1);
    std::ranges::nth_element(all, tenth, {}, [](const auto& each) {
        // Those that are over go first.
        return std::pair{!each->second.over(), each->second.last_at()};
    });
    std::for_each(all.begin(), tenth, [this](const auto& each) {
        given_up_ += each->second.over() ? 0 : 1;
        end(each);
    });
}

}  // namespace deadair::capture
