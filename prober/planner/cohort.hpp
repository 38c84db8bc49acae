#pragma once

#include <optional>
#include <vector>

#include "prober/planner/actions.hpp"
#include "prober/planner/doorway.hpp"
#include "prober/planner/events.hpp"

namespace deadair::planner {

/// What the connections and probes of one part were numbered by now.
struct last_numbers {
    connection_id connection{};
    probe_id probe{};
};

/// What a cohort is to try.
struct trial {
    stratum where;                 ///< of silent connections
    std::vector<means> refreshes;  ///< one connection for each
    nanoseconds expired{};         ///< the idle age by which silent connections are gone
    nanoseconds hold{};            ///< how long nothing is said; above `expired`
    time begins{};
    nanoseconds pace{};  ///< from one opening to the next
};

/// Connections of one stratum that are opened together and probed at one moment: refreshed ones,
/// and controls beside them. The silent ones must die, or what lives beside them proves nothing;
/// the busy ones must live, or what dies beside them died of something else. Controls are the first
/// and the last to be opened, and so many stand between that each refreshed one has some of its
/// age.
class cohort {
public:
    /// @param door  that all cohorts of a plan go through; outlives it
    cohort(trial wanted, doorway& door);

    void act(time now, last_numbers& last, std::vector<action>& todo);
    std::optional<time> wake_at() const { return wake_at_; }
    /// Of connections and probes that may be others'.
    void on(const event& seen);

    /// Closes all that it has.
    void leave(std::vector<action>& todo) const;

    bool done() const;
    /// When all are opened and hold until, if nothing fails.
    time expected_end() const;
    /// When the last is opened, if nothing fails.
    time opened_by() const;

    /// Silent ones died and none lived, busy ones lived and no more than one was lost.
    bool is_controlled() const;
    bool silent_one_lived() const;
    /// Refreshed ones that told nothing.
    std::vector<means> untold() const;
    /// Its busy connections, once it is done.
    std::vector<connection_id> busy() const;

private:
    enum class role : std::uint8_t { refreshed, silent, busy };
    enum class stage : std::uint8_t { to_open, opening, opened, waiting, asking, probing, done };
    struct member {
        role as{};
        means how;
        time due{};  // the next step
        stage is{stage::to_open};
        time silent_since{};
        connection_id connection{};
        probe_id probe{};
        std::uint32_t tries{};
        std::optional<outcome> result{};
    };

    void add(role as, means how);
    void add_controls();
    void find_moment();
    void step(member& one, time now, last_numbers& last, std::vector<action>& todo);
    void open(member& one, time now, last_numbers& last, std::vector<action>& todo);
    void wait(member& one, time now, last_numbers& last, std::vector<action>& todo);
    void wake(time at);
    void again(member& one, time at);
    static void end(member& one, outcome with);
    std::uint32_t count(role as, bool alive) const;
    template <class Match>
    member* find(Match match);

    void on_event(const opened& seen);
    void on_event(const open_failed& seen);
    void on_event(const settled& seen);
    void on_event(const ended& seen);
    void on_event(const outage_began& /*seen*/) {}
    void on_event(const outage_ended& /*seen*/) {}

    trial wanted_;
    doorway* door_;
    std::vector<member> members_;
    std::optional<time> moment_;  // to probe all; nullopt until all are open
    std::optional<time> wake_at_;
    time now_{};
};

}  // namespace deadair::planner
