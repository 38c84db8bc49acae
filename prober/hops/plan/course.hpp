#pragma once

#include <variant>

#include "prober/hops/plan/plan.hpp"
#include "prober/planner/actions.hpp"
#include "prober/planner/events.hpp"

namespace deadair::hops_plan {

/// From now on keepalives of one end that go so many hops, until the probe.
struct start_keepalives {
    planner::connection_id connection{};
    refresh_side from{};
    int hops{};
    std::chrono::milliseconds every{};
};
using action = std::variant<planner::open_connection, start_keepalives, planner::send_probe>;

/// Keeps the connections of a plan and probes each when it is time. What nobody can vouch for is
/// tried again, a bounded number of times. Numbers connections and probes from 1.
class course {
public:
    /// @param what  in the order in which to open them
    /// @param begins  when the first may be opened
    course(const plan& of, const std::vector<trial>& what, time begins = {});

    std::vector<action> act(time now);
    /// When to act if nothing happens; nullopt: only an event helps.
    std::optional<time> wake_at() const { return wake_at_; }
    void on(const planner::event& seen);

    /// More to try, from then on.
    void add(const std::vector<trial>& what, time from);
    /// Nothing more will be asked for.
    bool finished() const;
    /// When it ends if nothing happens before.
    time expected_end() const;
    /// So far.
    const std::vector<seen>& results() const { return results_; }
    /// The trial for which a connection was opened. @pre one that `act` named
    const trial& trial_of(planner::connection_id number) const;
    std::size_t trials() const { return tasks_.size(); }

private:
    enum class stage : std::uint8_t { to_open, opening, opened, waiting, probing, done };
    struct task {
        trial what;
        stage is{stage::to_open};
        time not_before{};  // to open
        time silent_since{};
        planner::connection_id connection{};
        planner::probe_id probe{};
        std::uint32_t tries{};
        std::size_t result{};  // once it is done
    };

    void step(task& one, time now, std::vector<action>& todo);
    void settle(task& one, outcome result, nanoseconds idle_age, time at);
    void wake(time at);
    task* find(planner::connection_id number);

    void on_event(const planner::opened& seen);
    void on_event(const planner::open_failed& seen);
    void on_event(const planner::settled& seen);
    void on_event(const planner::ended& seen);
    void on_event(const planner::outage_began& /*seen*/) { outage_ = true; }
    void on_event(const planner::outage_ended& /*seen*/) { outage_ = false; }

    plan plan_;
    std::vector<task> tasks_;
    std::vector<std::size_t> whose_;  // by connection, less one
    std::vector<seen> results_;
    bool outage_{};
    std::optional<time> wake_at_{time{}};
    time now_{};
    planner::probe_id last_probe_{};
};

}  // namespace deadair::hops_plan
