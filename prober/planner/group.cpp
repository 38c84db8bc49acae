#include "prober/planner/group.hpp"

#include <algorithm>
#include <cmath>

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// A probe is suspected to be lost after this share of the time to its verdict, which is at least
// eight retransmission timeouts: longer than a round trip, and over before it costs anything.
constexpr double suspect_share = 0.15;
// By then the control connection has told of an outage, if that is why a probe is not answered.
constexpr nanoseconds outage_noticed_after = 1500ms;
// Exact to this share is enough where the timeout is not one sharp value.
constexpr double unsharp_width_share = 0.02;
// Once connections fail, the answer has to come within so many times what they survive: what is
// known that contradicts itself for longer is an answer, too. A restart of the server near the end
// costs one of these times, and what is learned after it another.
constexpr int patience_times = 2;
constexpr nanoseconds patience_more = 60s;

// Packets of a probe that have left by now, as Linux repeats them.
std::uint32_t packets_by_now(nanoseconds unanswered)
{
    return 1 + static_cast<std::uint32_t>(std::log2(1 + to_seconds(unanswered) / 0.25));
}

// How exact the edge above `survived` has to be. One that is not sharp is not worth as much. The
// ages at both its ends are uncertain, and the answer is wider by that: it must fit as well, as far
// as the path lets it.
nanoseconds width_wanted(const plan& wanted, nanoseconds survived, bool sharp,
                         nanoseconds uncertain)
{
    const auto share = sharp ? wanted.resolution_relative
                             : std::max(wanted.resolution_relative, unsharp_width_share);
    const auto whole = std::max(wanted.resolution, from_seconds(share * to_seconds(survived)));
    return std::max(whole - uncertain, whole / 2);
}

}  // namespace

bool group::has(stratum_index where) const
{
    return std::ranges::find(strata, where) != strata.end();
}

nanoseconds view::suspect_after() const
{
    return from_seconds(suspect_share * to_seconds(wanted.verdict_after));
}

standing_of_group settled_of(const group& of, const view& see)
{
    standing_of_group found{.survived = see.known.edge(of.strata), .above = {}, .expired = {}};
    for (const auto& each : see.known.failures())
        if (of.has(each.where) && each.age > found.survived)
            found.above.push_back(each);
    const auto zone = see.known.zone_begins(of.strata);
    const auto below = see.known.survived_error(of.strata);
    const auto above =
        found.above.empty() ? below : std::ranges::min(found.above, {}, &failure::age).error;
    found.width = width_wanted(see.wanted, found.survived, !zone, below + above);
    found.connections_needed = see.known.connections_needed(of.strata, zone);
    found.expired = see.known.expired(found.above, found.connections_needed);
    found.trusted_from = found.above.empty() ? time::max() : time{};
    std::ranges::sort(found.above, {}, &failure::age);
    return found;
}

standing_of_group standing_of(const group& of, const view& see)
{
    auto found = of.settled;
    for (const auto& each : see.pending) {
        const auto unanswered = see.now - each.sent;
        if (of.has(each.where) && each.age > found.survived && unanswered >= see.suspect_after()) {
            found.trusted_from = std::min(found.trusted_from, each.sent + outage_noticed_after);
            found.above.push_back({.probe = each.probe,
                                   .connection = each.connection,
                                   .where = each.where,
                                   .age = each.age,
                                   .units = packets_by_now(unanswered),
                                   .by_silence = true,
                                   .crowd = each.crowd,
                                   .at = each.sent});
        }
    }
    std::ranges::sort(found.above, {}, &failure::age);
    return found;
}

bool ends_by_itself(const group& of, const view& see)
{
    return std::ranges::any_of(see.known.failures(), [&](const failure& each) {
        return each.probe == 0 && of.has(each.where);
    });
}

time has_until(const group& of)
{
    if (of.settled.above.empty())
        return time::max();
    return of.begun + patience_times * of.settled.survived + patience_more;
}

}  // namespace deadair::planner
