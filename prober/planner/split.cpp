#include "prober/planner/split.hpp"

#include <algorithm>
#include <map>

#include "analysis/words/told.hpp"

namespace deadair::planner {

namespace {

// Where a stratum contradicts itself, the timeout is spread or mixed; what lies closer together
// than this is then no reason to tell strata apart.
constexpr double close_in_a_spread = 0.8;

// Below this age a failure contradicts what others survived.
nanoseconds edge_of(const group& of, const view& see)
{
    const auto survived = see.known.survived(of.strata);
    const bool spread = std::ranges::any_of(of.strata, [&](stratum_index each) {
        return see.known.zone_begins(std::span{&each, 1}).has_value();
    });
    return spread ? from_seconds(close_in_a_spread * to_seconds(survived)) : survived;
}

// Strata that failed beyond chance below what others survived, and did not survive that themselves.
bool contradictory(const group& of, const view& see)
{
    const auto survived = edge_of(of, see);
    std::vector<failure> below;
    for (const auto& each : see.known.failures())
        if (std::ranges::find(of.strata, each.where) != of.strata.end() && each.age <= survived &&
            (each.by_silence || each.age <= survived - told_slack(survived)) &&
            see.known.of(each.where).survived < each.age)
            below.push_back(each);
    return see.known.expired(below).has_value();
}

// The group's strata, apart by what `key` says of each.
template <class Key>
std::vector<group> apart(const group& of, const view& see, Key key)
{
    std::map<std::uint32_t, group> parts;
    for (const auto where : of.strata) {
        auto& part = parts[key(where)];
        part.strata.push_back(where);
        part.limit = of.limit;
    }
    std::vector<group> groups;
    for (auto& [name, part] : parts) {
        // Of the time that it is given one timeout at least is left.
        part.begun = std::max(of.begun, see.now - see.known.survived(part.strata));
        groups.push_back(std::move(part));
    }
    return groups;
}

bool at_peace(const std::vector<group>& groups, const view& see)
{
    return std::ranges::none_of(groups,
                                [&](const group& each) { return contradictory(each, see); });
}

}  // namespace

std::vector<group> split(const group& of, const view& see)
{
    if (of.strata.size() < 2 || !contradictory(of, see))
        return {};
    auto by_direction = apart(of, see, [&](stratum_index s) { return s % see.ways(); });
    if (by_direction.size() > 1 && at_peace(by_direction, see))
        return by_direction;
    auto by_path = apart(of, see, [&](stratum_index s) { return std::uint32_t{see.path_of(s)}; });
    if (by_path.size() > 1 && at_peace(by_path, see))
        return by_path;
    return apart(of, see, [](stratum_index s) { return std::uint32_t{s}; });
}

}  // namespace deadair::planner
