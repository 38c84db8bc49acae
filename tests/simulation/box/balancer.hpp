#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include "tests/simulation/middlebox.hpp"

namespace deadair::simulation {

/// Two middleboxes behind one address: each connection belongs to one of them from its opening on.
class balancer final : public middlebox {
public:
    /// Whether the connection that is opened belongs to the second.
    using choice = std::function<bool(const packet& opening, random_source& random)>;

    static choice by_chance(double share_of_second)
    {
        return [=](const packet&, random_source& random) {
            return std::uniform_real_distribution<double>{0, 1}(random) < share_of_second;
        };
    }
    /// Odd source ports belong to the second.
    static choice by_port()
    {
        return [](const packet& opening, random_source&) { return opening.port % 2 == 1; };
    }

    balancer(box_ptr first, box_ptr second, choice how)
        : first_{std::move(first)}, second_{std::move(second)}, how_{std::move(how)}
    {
    }

    fate meet(const packet& seen, time now, random_source& random) override
    {
        if (seen.is == packet::kind::open && !to_second_.contains(seen.flow))
            to_second_[seen.flow] = how_(seen, random);
        return (to_second_[seen.flow] ? second_ : first_)->meet(seen, now, random);
    }
    std::optional<time> wake_at() const override
    {
        const auto one = first_->wake_at();
        const auto other = second_->wake_at();
        return one && other ? std::min(one, other) : one ? one : other;
    }
    std::vector<cut> act(time now) override
    {
        auto cuts = first_->act(now);
        std::ranges::move(second_->act(now), std::back_inserter(cuts));
        return cuts;
    }

private:
    box_ptr first_;
    box_ptr second_;
    choice how_;
    std::map<flow_id, bool> to_second_;
};

}  // namespace deadair::simulation
