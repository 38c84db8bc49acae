#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "prober/planner/part.hpp"
#include "tests/simulation/simulator.hpp"

/// Runs that do what is written down, and what came of it as a list of moments.
namespace deadair::simulation {

/// A plan that was made before: each thing at its time, whatever comes of the others.
class script final : public planner::part {
public:
    struct line {
        time at{};
        planner::action what;
    };

    script(std::vector<line> lines, time until) : lines_{std::move(lines)}, until_{until} {}

    std::vector<planner::action> act(time now, const planner::known_so_far& /*of_all*/) override
    {
        now_ = now;
        std::vector<planner::action> todo;
        for (; next_ < lines_.size() && lines_[next_].at <= now; ++next_)
            todo.push_back(lines_[next_].what);
        return todo;
    }
    std::optional<time> wake_at() const override
    {
        return next_ < lines_.size() ? lines_[next_].at : until_;
    }
    void on(const planner::event& /*seen*/) override {}
    bool needs_time() const override { return now_ < until_; }

private:
    std::vector<line> lines_;
    time until_;
    std::size_t next_{};
    time now_{};
};

/// A middlebox for one test.
class any_box final : public middlebox {
public:
    using rule = std::function<fate(const packet& seen, time now)>;

    explicit any_box(rule how) : how_{std::move(how)} {}
    fate meet(const packet& seen, time now, random_source& /*random*/) override
    {
        return how_(seen, now);
    }

private:
    rule how_;
};

/// "12.345 lost 1", one for each note, in the run's seconds to the millisecond.
std::vector<std::string> told(const record& of);

}  // namespace deadair::simulation
