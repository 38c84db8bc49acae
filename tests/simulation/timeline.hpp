#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "analysis/words/duration.hpp"

namespace deadair::simulation {

using time = nanoseconds;

/// Virtual time: what happens when, in the order of its moments. Nothing waits.
class timeline {
public:
    time now() const { return now_; }
    /// What is due in the past happens next.
    void at(time when, std::function<void()> what)
    {
        coming_.push({std::max(when, now_), ++order_, std::move(what)});
    }
    void after(nanoseconds pause, std::function<void()> what) { at(now_ + pause, std::move(what)); }
    std::optional<time> next() const
    {
        return coming_.empty() ? std::nullopt : std::optional{coming_.top().at};
    }
    /// Goes on to that moment, with all that happens until then and at it.
    void go_on_to(time when)
    {
        while (!coming_.empty() && coming_.top().at <= when) {
            now_ = coming_.top().at;
            const auto what = std::move(coming_.top().what);
            coming_.pop();
            what();
        }
        now_ = std::max(now_, when);
    }

private:
    struct moment {
        time at{};
        std::uint64_t order{};
        mutable std::function<void()> what;  // moved out as it happens
        bool operator<(const moment& other) const
        {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    std::priority_queue<moment> coming_;
    std::uint64_t order_{};
    time now_{};
};

}  // namespace deadair::simulation
