#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "prober/planner/numbering.hpp"
#include "prober/planner/part.hpp"

namespace deadair::planner {

/// What a run is to find out.
struct wanted_of_run {
    plan search;
    std::vector<means>
        refreshes;  ///< each tried once the idle timeout is known; none: no ages, too
    /// The server speaks first only after a delay that it is told before, in multiples of this:
    /// `to_client` is not for the search. 0: it is.
    nanoseconds delayed_in{};
};

/// The parts of a whole run: the search, refreshed connections, busy connections.
std::vector<std::unique_ptr<part>> parts_of(const wanted_of_run& wanted);

/// All parts of a run as one plan. Pure.
class programme {
public:
    /// @param first  number of the first connection and of the first probe
    explicit programme(std::vector<std::unique_ptr<part>> parts, std::uint32_t first = 1);

    /// The work due at or before `now`, in the order to do it.
    std::vector<action> act(time now);
    /// When `act` wants to be called again if nothing happens; nullopt: only an event helps.
    std::optional<time> wake_at() const;
    /// Connections and probes are those that `act` named.
    void on(const event& seen);

    /// No part needs more time. What was asked for may still be under way.
    bool finished() const;
    /// When it will be if nothing happens before; for the progress display.
    time expected_end() const;
    overview shown() const;

private:
    known_so_far known() const;
    void act_all(time now, const known_so_far& by_now, std::vector<action>& todo);
    bool needs_time() const;
    action numbered(std::size_t which, action what);

    std::vector<std::unique_ptr<part>> parts_;
    numbering connections_;
    numbering probes_;
    time now_{};
    bool told_{true};  // of something on which nobody has acted yet
};

}  // namespace deadair::planner
