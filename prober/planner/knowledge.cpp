#include "prober/planner/knowledge.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/words/told.hpp"

namespace deadair::planner {

namespace {

using namespace std::chrono_literals;

// Chance, over a whole run, that packet loss passes for an expired binding.
constexpr double false_expiry = 5e-6;
// Nobody's loss is taken for less than 1 %: a calm start must not lower the guard.
constexpr double loss_min = 0.01;
// Chance that connections fail that belong to those which fail early, and not to all.
constexpr double false_agreement = 1e-3;
constexpr std::size_t agreement_max = 16;
// So many packets without an answer below what others survived are no chance any more.
constexpr std::uint32_t doubtful_packets = 2;
// What voids probes for a while, an outage, voids many at one moment: these lie so far apart.
constexpr nanoseconds moments_apart = 1s;
// At so many moments nothing but void probes: it goes on like that.
constexpr std::uint32_t mute_moments = 10;
// A probe's retransmissions leave after 1, 3, 7 of these (RFC 6298 with Linux's minimum of 200 ms
// and a short round trip).
constexpr nanoseconds retransmission_timeout = 250ms;

// So many have to die below what others survive before their number is thought to be why; and one
// in so many may not fit, since others' connections come and go as well.
constexpr std::size_t crowded_out_min = 12;
struct patience {
    std::ptrdiff_t astray_share;
    int silences;  ///< in a row: what looks every so often spares the younger until it looks again
};
constexpr patience usual{10, 3};
// Where some died as young as any are asked, and older ones lived.
constexpr patience of_young{6, 2};
constexpr double youngest_times = 1.2;

bool holds(std::span<const stratum_index> strata, stratum_index where)
{
    return std::ranges::find(strata, where) != strata.end();
}

// The idle age at which a packet of a failed probe left. What was told has no packets: it counts as
// so many at once.
nanoseconds left_at(const failure& what, std::uint32_t packet)
{
    return what.age + (what.by_silence ? ((1 << packet) - 1) * retransmission_timeout : 0ns);
}

}  // namespace

knowledge::knowledge(std::size_t strata, const plan& wanted)
    : need_{static_cast<std::uint32_t>(std::ceil(
          std::log(false_expiry) / std::log(std::clamp(wanted.packet_loss, loss_min, 0.5))))},
      asked_first_{from_seconds(youngest_times * to_seconds(wanted.idle_min))},
      counts_(strata)
{
}

void knowledge::deliver(const delivery& what)
{
    crowd_survived_ = std::max(crowd_survived_, what.crowd);
    auto& here = counts_[what.where];
    if (what.age > here.survived) {
        here.survived = what.age;
        here.survived_error = what.error;
    }
    deliveries_.push_back(what);
    ++here.delivered;
}

void knowledge::fail(const failure& what)
{
    failures_.push_back(what);
    ++counts_[what.where].not_delivered;
}

void knowledge::void_one(stratum_index where, time at)
{
    auto& here = counts_[where];
    ++here.voided;
    if (here.moments_voided > 0 && at < here.voided_at + moments_apart)
        return;
    ++here.moments_voided;
    here.voided_at = at;
}

bool knowledge::mute(stratum_index where) const
{
    const auto& here = counts_[where];
    return here.delivered + here.not_delivered == 0 && here.moments_voided >= mute_moments;
}

bool knowledge::has_failed(connection_id connection) const
{
    return std::ranges::find(failures_, connection, &failure::connection) != failures_.end();
}

bool knowledge::retract(probe_id probe)
{
    const auto found = std::ranges::find_if(
        failures_, [&](const failure& each) { return probe != 0 && each.probe == probe; });
    if (found == failures_.end())
        return false;
    --counts_[found->where].not_delivered;
    failures_.erase(found);
    return true;
}

nanoseconds knowledge::survived(std::span<const stratum_index> strata) const
{
    nanoseconds longest{};
    for (const auto where : strata)
        longest = std::max(longest, counts_[where].survived);
    return longest;
}

nanoseconds knowledge::survived_error(std::span<const stratum_index> strata) const
{
    const auto longest = survived(strata);
    nanoseconds most{};
    for (const auto where : strata)
        if (counts_[where].survived == longest)
            most = std::max(most, counts_[where].survived_error);
    return most;
}

nanoseconds knowledge::edge(std::span<const stratum_index> strata) const
{
    const auto longest = survived(strata);
    auto found = longest;
    for (const auto& each : failures_)
        if (holds(strata, each.where) && !each.by_silence && each.age <= longest &&
            each.age > longest - told_slack(longest))
            found = std::min(found, each.age - 1ns);
    return found;
}

bool knowledge::may_be_crowded_out(std::span<const failure> of) const
{
    std::set<connection_id> in_smaller_crowds;  // of one it may be chance
    for (const auto& each : of)
        if (each.crowd <= crowd_survived_)
            in_smaller_crowds.insert(each.connection);
    return in_smaller_crowds.size() < 2;
}

// There is a crowd such that hardly any died in a smaller one, or lived in a larger.
bool knowledge::crowd_kills(nanoseconds elapsed) const
{
    std::vector<std::uint32_t> died;
    auto from = nanoseconds::max() / usual.silences;
    for (const auto& each : failures_)
        if (each.age + each.error < counts_[each.where].survived && units_of(each) >= need_) {
            died.push_back(each.crowd);
            from = std::min(from, each.age);
        }
    const auto& by = from <= asked_first_ ? of_young : usual;
    if (elapsed < by.silences * from)
        return false;
    std::vector<std::uint32_t> lived;
    for (const auto& each : deliveries_)
        if (each.age >= from)
            lived.push_back(each.crowd);
    if (died.size() < crowded_out_min || lived.size() < crowded_out_min)
        return false;
    const auto astray = [&](std::uint32_t crowd) {
        return std::ranges::count_if(died, [=](auto each) { return each < crowd; }) +
               std::ranges::count_if(lived, [=](auto each) { return each >= crowd; });
    };
    return std::ranges::any_of(
        died, [&](auto crowd) { return astray(crowd) * by.astray_share <= std::ssize(died); });
}

std::uint32_t knowledge::units_of(const failure& what) const
{
    return what.by_silence ? std::min(what.units, need_) : need_;
}

std::optional<nanoseconds> knowledge::zone_begins(std::span<const stratum_index> strata) const
{
    const auto until = edge(strata) - survived_error(strata);
    std::uint32_t packets = 0;
    auto first = nanoseconds::max();
    for (const auto& each : failures_) {
        if (!holds(strata, each.where) || each.age + each.error >= until)
            continue;
        first = std::min(first, each.age);
        for (std::uint32_t packet = 0; packet < units_of(each); ++packet)
            packets += left_at(each, packet) + each.error < until ? 1 : 0;
    }
    return packets >= doubtful_packets ? std::optional{first} : std::nullopt;
}

std::size_t knowledge::connections_needed(std::span<const stratum_index> strata,
                                          std::optional<nanoseconds> from) const
{
    if (!from)
        return 2;
    const auto until = survived(strata);
    const auto within = [&](const auto& each) {
        return holds(strata, each.where) && each.age >= *from && each.age <= until;
    };
    const auto dead = static_cast<double>(std::ranges::count_if(failures_, within));
    const auto alive = static_cast<double>(std::ranges::count_if(deliveries_, within));
    const auto needed = std::ceil(std::log(false_agreement) / std::log(dead / (dead + alive)));
    return std::clamp(static_cast<std::size_t>(needed), std::size_t{2}, agreement_max);
}

std::optional<nanoseconds> knowledge::expired(std::span<const failure> of, std::size_t needed) const
{
    struct unit {
        nanoseconds age;
        connection_id connection;
        bool told;
    };
    std::vector<unit> units;
    for (const auto& each : of)
        for (std::uint32_t packet = 0; packet < units_of(each); ++packet)
            units.push_back({left_at(each, packet), each.connection, !each.by_silence});
    std::ranges::sort(units, {}, &unit::age);
    std::vector<connection_id> connections;  // few: it ends when there are enough
    std::uint32_t count = 0;
    for (const auto& each : units) {
        if (std::ranges::find(connections, each.connection) == connections.end())
            connections.push_back(each.connection);
        ++count;
        if (count >= need_ && (connections.size() >= needed || (each.told && needed == 2)))
            return each.age;
    }
    return std::nullopt;
}

}  // namespace deadair::planner
