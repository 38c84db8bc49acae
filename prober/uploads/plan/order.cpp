#include "prober/uploads/plan/order.hpp"

#include <utility>

namespace deadair::prober::uploads {

namespace {

using namespace std::chrono_literals;

// What a transfer takes that nobody has tried yet.
constexpr nanoseconds took_unknown = 1s;

}  // namespace

order::order(plan what) : what_{std::move(what)}
{
    const auto fresh = fresh_trials(what_);
    fresh_.assign(fresh.begin(), fresh.end());
}

std::vector<trial> order::due(nanoseconds now, bool at_rest)
{
    std::vector<trial> all;
    if (!fresh_.empty() && at_rest) {
        all.push_back(fresh_.front());
        fresh_.pop_front();
        return all;
    }
    if (fresh_.empty() && at_rest && !std::exchange(idle_planned_, true))
        plan_idle(now);
    while (!idle_.empty() && idle_began_ + idle_.front().open_at <= now) {
        all.push_back(idle_.front());
        idle_.pop_front();
    }
    return all;
}

void order::plan_idle(nanoseconds now)
{
    const auto expected = [this](const trial& what) {
        const auto found = took_.find(key_of(what));
        return found == took_.end() ? took_unknown : found->second * 5 / 4;
    };
    const auto all = idle_trials(what_, expected);
    idle_.assign(all.begin(), all.end());
    idle_began_ = now;
}

std::optional<nanoseconds> order::wake_at() const
{
    if (idle_.empty())
        return std::nullopt;
    return idle_began_ + idle_.front().open_at;
}

}  // namespace deadair::prober::uploads
