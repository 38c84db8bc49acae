#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "prober/planner/actions.hpp"
#include "prober/planner/events.hpp"

namespace deadair::planner {

/// What the parts of a programme have found by now, and need of each other.
struct known_so_far {
    /// By this idle age silent connections of a stratum are gone; not there until that is certain.
    std::map<stratum, nanoseconds> expired;
    /// From one opening to the next, as far as it is known what the path lets through.
    nanoseconds pace{};
    /// Busy connections are cut, and more than one by chance.
    bool busy_cut{};
    /// So many connections are more than the path keeps: ask with fewer.
    bool crowded{};
    /// No part needs more time: who only keeps the others company begins nothing more.
    bool over{};

    friend bool operator==(const known_so_far&, const known_so_far&) = default;
};

/// What is known so far of one stratum.
struct bracket {
    stratum where;
    nanoseconds survived{};              ///< longest idle age delivered; 0: none yet
    std::optional<nanoseconds> expired;  ///< shortest idle age believed not delivered
    std::uint32_t delivered{};
    std::uint32_t not_delivered{};
    std::uint32_t voided{};
    bool done{};
};

enum class phase : std::uint8_t {
    opening,
    searching,
    confirming,
    verifying,
    refreshing,  ///< the search is over; refreshed connections are silent
    ageing,      ///< what is left to see is whether connections are cut at an age
    finished,
};
std::string_view to_string(phase value);

/// What there is to show of a programme.
struct overview {
    phase doing{};
    std::vector<bracket> brackets;
};

/// One thing that a run finds out, with connections of its own. It numbers them and its probes
/// from 1 without a gap, and knows of no other part.
class part {
public:
    virtual ~part() = default;

    /// The work due at or before `now`, in the order to do it. A part that needs what another finds
    /// begins once it is known.
    virtual std::vector<action> act(time now, const known_so_far& of_all) = 0;
    /// When `act` wants to be called again if nothing happens; nullopt: only an event helps.
    virtual std::optional<time> wake_at() const = 0;
    virtual void on(const event& seen) = 0;
    /// The run has to go on for it.
    virtual bool needs_time() const = 0;

    /// When it needs no more time, if nothing happens before; nullopt when it needs none.
    virtual std::optional<time> expected_end() const { return std::nullopt; }
    /// Adds what it has found that others need.
    virtual void tell(known_so_far& /*all*/) const {}
    /// Adds what there is to show of it.
    virtual void show(overview& /*whole*/) const {}
};

}  // namespace deadair::planner
