#pragma once

#include <optional>
#include <span>
#include <vector>

#include "prober/planner/knowledge.hpp"
#include "prober/planner/part.hpp"
#include "prober/planner/pool.hpp"

/// Strata that are believed to share one idle timeout, and what they have shown.
namespace deadair::planner {

/// A probe that has got no answer yet.
struct under_way {
    probe_id probe{};
    connection_id connection{};
    stratum_index where{};
    nanoseconds age{};
    time sent{};
    std::uint32_t crowd{};  ///< connections that were heard of after this one
};

/// What the group's strata have shown: the edge of what survived, and what failed above it.
struct standing_of_group {
    nanoseconds survived{};
    std::vector<failure> above;          ///< settled or suspected, ascending by age
    std::optional<nanoseconds> expired;  ///< by settled failures alone, chance excluded
    std::size_t connections_needed{};    ///< to exclude it
    nanoseconds width{};                 ///< how exact the answer has to be
    time trusted_from{};                 ///< when no outage can be behind the first of `above`
};

/// Strata that no observation tells apart.
struct group {
    std::vector<stratum_index> strata;
    standing_of_group settled;  ///< without what is only suspected
    nanoseconds limit{};        ///< the longest idle age to try
    time begun{};               ///< outages that came since then are left out
    bool done{};                ///< answered, or nothing left to try
    nanoseconds swept_above{};  ///< the edge above which every connection was asked
    phase doing{phase::searching};

    bool has(stratum_index where) const;
};

/// All that a search looks at.
struct view {
    const plan& wanted;
    std::span<const nanoseconds> rungs;
    const knowledge& known;
    const pool& connections;
    std::span<const under_way> pending;
    time now{};

    std::uint32_t ways() const { return static_cast<std::uint32_t>(wanted.directions.size()); }
    path_index path_of(stratum_index where) const
    {
        return static_cast<path_index>(where / ways());
    }
    /// A probe without an answer for so long is suspected to be lost.
    nanoseconds suspect_after() const;
};

/// What the knowledge says by now, for `group::settled`: to be asked whenever it has changed.
standing_of_group settled_of(const group& of, const view& see);
/// The same with the probes that are suspected to be lost.
standing_of_group standing_of(const group& of, const view& see);

/// Connections were told of their end without anybody asking.
bool ends_by_itself(const group& of, const view& see);

/// Until when the search goes on: what it knows then is the answer. For ever while nothing failed.
time has_until(const group& of);

}  // namespace deadair::planner
