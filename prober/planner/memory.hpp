#pragma once

#include <optional>
#include <vector>

#include "prober/planner/actions.hpp"
#include "prober/planner/events.hpp"
#include "prober/planner/step.hpp"

namespace deadair::planner {

/// What a search has asked on which connections, and what came of it.
class memory {
public:
    explicit memory(plan wanted);

    const plan& wanted() const { return wanted_; }
    const knowledge& known() const { return known_; }
    std::size_t strata() const { return wanted_.paths.size() * wanted_.directions.size(); }
    const std::vector<under_way>& pending() const { return pending_; }
    pool& connections() { return connections_; }
    const pool& connections() const { return connections_; }
    view see(time now) const;

    /// The next connection, on the path that has the fewest useful ones.
    open_connection open(time now);
    send_probe ask(const wish& what, time now);
    /// Nothing more is to be learned from it.
    close_connection release(connection_id which, time now);
    /// Closes those of no more use; sooner, where others need their places.
    /// @return when the next one is
    std::optional<time> close_dead(time now, bool places_needed, std::vector<action>& todo);

    /// @return false when nothing was being opened under that number
    bool on(const opened& seen);
    bool on(const open_failed& seen);
    /// One more of this path could not be opened. @return whether that says something of the path
    /// alone: none of it ever was, and of another one was
    bool refused(path_index on);
    /// That happened so often that it is left out.
    bool is_unreachable(path_index on) const;
    bool awaits(probe_id probe) const;
    /// @pre awaits(seen.probe)
    void settle(const settled& seen, time now);
    /// Of a probe that was called lost. @return whether that verdict was taken back
    bool came_late(const settled& seen);
    /// @return false when it was known to be gone
    bool on(const ended& seen);

private:
    void failed(const under_way& probe, const settled& seen);

    plan wanted_;
    std::vector<nanoseconds> rungs_;
    knowledge known_;
    pool connections_;
    std::vector<under_way> pending_;
    probe_id last_probe_{};
    struct reach {
        bool opened{};
        std::uint32_t refused{};
    };
    std::vector<reach> reached_;  // by path
};

}  // namespace deadair::planner
