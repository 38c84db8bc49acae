#pragma once

#include <optional>
#include <span>
#include <vector>

#include "prober/planner/plan.hpp"

namespace deadair::planner {

/// Position of a stratum: path index * number of directions + position of the direction.
using stratum_index = std::uint16_t;

/// A probe that did not arrive, or an unprompted end.
struct failure {
    probe_id probe{};  ///< 0 for an unprompted end
    connection_id connection{};
    stratum_index where{};
    nanoseconds age{};
    nanoseconds error{};    ///< of the age, give or take
    std::uint32_t units{};  ///< packets that got no answer, each telling by itself
    bool by_silence{};      ///< false: reset or closed, which no packet loss can feign
    std::uint32_t crowd{};  ///< connections that were heard of after this one, as it was probed
    time at{};              ///< when it was probed
};

/// A probe that arrived.
struct delivery {
    stratum_index where{};
    nanoseconds age{};
    nanoseconds error{};    ///< of the age, give or take
    time at{};              ///< when it was probed
    std::uint32_t crowd{};  ///< as of a failure
};

/// What one stratum has shown.
struct stratum_counts {
    nanoseconds survived{};        ///< longest idle age delivered
    nanoseconds survived_error{};  ///< of that age, give or take
    std::uint32_t delivered{};
    std::uint32_t not_delivered{};
    std::uint32_t voided{};
    std::uint32_t moments_voided{};  ///< of those, what came at one moment counted once
    time voided_at{};                ///< the last such moment
};

/// Everything that was learned of all strata. A delivery is never false; a failure may be loss.
class knowledge {
public:
    knowledge(std::size_t strata, const plan& wanted);

    void deliver(const delivery& what);
    void fail(const failure& what);
    void void_one(stratum_index where, time at);
    /// Takes a failure back. @return false when there was none of this probe.
    bool retract(probe_id probe);

    const stratum_counts& of(stratum_index where) const { return counts_[where]; }
    /// Nobody could vouch for any of its probes, again and again: it will not tell anything.
    bool mute(stratum_index where) const;
    std::span<const failure> failures() const { return failures_; }
    bool has_failed(connection_id connection) const;
    std::span<const delivery> deliveries() const { return deliveries_; }

    /// Longest idle age delivered in any of these.
    nanoseconds survived(std::span<const stratum_index> strata) const;
    /// The same, or the age a little before it at which another was told of its end.
    nanoseconds edge(std::span<const stratum_index> strata) const;
    /// By how much the longest idle age that was delivered may be wrong.
    nanoseconds survived_error(std::span<const stratum_index> strata) const;

    /// True when all of these failed in a larger crowd than any connection survived: then it may
    /// not be their age, but a middlebox that has room for so many and forgets the stalest.
    bool may_be_crowded_out(std::span<const failure> of) const;
    /// Many failed at ages that others of their stratum survived, and what they had and those had
    /// not is more others that were heard of after them.
    /// @param elapsed  since the search began: what ticks does that too, but once
    bool crowd_kills(nanoseconds elapsed) const;
    /// The largest crowd that a connection survived.
    std::uint32_t crowd_survived() const { return crowd_survived_; }

    /// The lowest age at which a connection failed although another lived longer, chance excluded.
    std::optional<nanoseconds> zone_begins(std::span<const stratum_index> strata) const;

    /// How many connections have to fail above what these strata survived. One may have a reason of
    /// its own, so two; more where connections failed below that already, since then failing is
    /// common and proves the less.
    /// @param from  what `zone_begins` says of them
    std::size_t connections_needed(std::span<const stratum_index> strata,
                                   std::optional<nanoseconds> from) const;

    /// How many unanswered packets it takes to exclude chance.
    std::uint32_t need() const { return need_; }

    /// Idle age by which the binding is gone, chance excluded; nullopt when these failures are too
    /// thin for that: of fewer connections, unless one was told by a reset and two are enough.
    std::optional<nanoseconds> expired(std::span<const failure> of,
                                       std::size_t connections = 2) const;

private:
    /// The packets of a failure, as far as they count.
    std::uint32_t units_of(const failure& what) const;

    std::uint32_t need_;
    nanoseconds asked_first_;  // about the shortest silence that is asked about
    std::uint32_t crowd_survived_{};
    std::vector<stratum_counts> counts_;
    std::vector<failure> failures_;
    std::vector<delivery> deliveries_;
};

}  // namespace deadair::planner
