#include "analysis/estimate/mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/shape.hpp"

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

// What the lower end of the shorter timeout may be wrong by chance.
constexpr double low_chance = 0.001;
// Source ports are tried in this many classes; a rule needs so many ports on either side.
constexpr int port_classes_max = 8;
constexpr std::size_t ports_needed = 5;

// What a run says of one connection.
struct life {
    std::uint16_t port{};
    nanoseconds survived{};           // longest age delivered
    std::optional<nanoseconds> died;  // shortest age not delivered
    nanoseconds repeated_until{};     // age at which the last packet of that probe left
};

std::map<std::uint32_t, life> lives_of(std::span<const observation> seen)
{
    std::map<std::uint32_t, life> lives;
    for (const auto& each : seen) {
        auto& here = lives[each.connection_id];
        here.port = each.local_port;
        if (is_alive(each))
            here.survived = std::max(here.survived, each.idle_age);
        else if (is_dead(each) && each.idle_age < here.died.value_or(nanoseconds::max())) {
            here.died = each.idle_age;
            here.repeated_until = each.idle_age + each.idle_age_error +
                                  retransmitted_after(std::min(each.unanswered, 8U));
        }
    }
    return lives;
}

// Which connections have the shorter timeout, as far as their lives tell.
struct census {
    std::map<std::uint32_t, life> shorter;
    std::map<std::uint32_t, life> longer;

    double share() const
    {
        return static_cast<double>(shorter.size()) /
               static_cast<double>(std::max<std::size_t>(shorter.size() + longer.size(), 1));
    }
};

census census_of(std::span<const observation> seen, const zone& where)
{
    census found;
    for (const auto& [id, here] : lives_of(seen)) {
        if (here.died && here.repeated_until < where.last_alive && here.survived < *here.died)
            found.shorter.emplace(id, here);
        else if (here.survived >= where.first_dead)
            found.longer.emplace(id, here);
    }
    return found;
}

std::vector<observation> lived_by(const std::map<std::uint32_t, life>& those,
                                  std::span<const observation> seen)
{
    std::vector<observation> found;
    std::ranges::copy_if(seen, std::back_inserter(found), [&](const observation& each) {
        return those.contains(each.connection_id);
    });
    return found;
}

std::vector<part> parts_of(std::span<const observation> seen, nanoseconds low, const census& of,
                           double packet_loss)
{
    const auto of_shorter = lived_by(of.shorter, seen);
    nanoseconds all_dead{};  // by then all of them were
    for (const auto& entry : of.shorter)
        all_dead = std::max(all_dead, *entry.second.died);
    const auto share = of.share();
    const auto first = bracket(of_shorter, packet_loss);
    // Only those that are known to have the longer one tell when it ends.
    const auto last = bracket(lived_by(of.longer, seen), packet_loss);
    const auto high = first.expired.value_or(all_dead);
    return {{.low = std::min(std::max(first.survived, low), high),
             .high = high,
             .confidence = std::min(first.confidence, 1 - low_chance),
             .share = share},
            {.low = last.survived,
             .high = last.expired,
             .confidence = std::min(last.confidence, 1 - low_chance),
             .share = 1 - share}};
}

// The rule by which source ports have the shorter timeout, if one explains all.
std::string port_rule(const census& of)
{
    if (of.shorter.size() < ports_needed || of.longer.size() < ports_needed)
        return {};
    for (int classes = 2; classes <= port_classes_max; ++classes) {
        const auto rest = of.shorter.begin()->second.port % classes;
        const auto in_class = [&](const auto& entry) {
            return entry.second.port % classes == rest;
        };
        if (!std::ranges::all_of(of.shorter, in_class) ||
            !std::ranges::none_of(of.longer, in_class))
            continue;
        return classes == 2
                   ? fmt::format("{} source ports", rest == 0 ? "even" : "odd")
                   : fmt::format("source ports that leave {} when divided by {}", rest, classes);
    }
    return {};
}

}  // namespace

mixture mixture_of(std::span<const observation> seen, double low_s, double packet_loss)
{
    const auto of = census_of(seen, zone_of(seen));
    return {parts_of(seen, from_seconds(low_s), of, packet_loss), port_rule(of)};
}

}  // namespace deadair::estimate
