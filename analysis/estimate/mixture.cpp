#include "analysis/estimate/mixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/estimate/interval.hpp"
#include "analysis/estimate/two_steps.hpp"

namespace deadair::estimate {

namespace {

// Losing so much by chance is not worth a thought: 1 in 1000.
constexpr double log_odd = -6.9;
// Source ports are tried in this many classes; a rule needs so many ports on either side.
constexpr int port_classes_max = 8;
constexpr std::size_t ports_needed = 5;

// What a run says of one connection.
struct life {
    std::uint16_t port{};
    double survived_s{};   // longest age delivered
    bool died_early{};     // for the longer timeout, and not by packet loss
    double died_s{never};  // shortest age not delivered
};

std::map<std::uint32_t, life> lives_of(std::span<const observation> seen, double longer_s,
                                       double packet_loss)
{
    std::map<std::uint32_t, life> lives;
    for (const auto& each : seen) {
        const auto said = silences_of({&each, 1});
        if (said.empty())
            continue;
        auto& here = lives[each.connection_id];
        here.port = each.local_port;
        here.survived_s = std::max(here.survived_s, said.front().alive_until_s);
        here.died_s = std::min(here.died_s, said.front().dead_by_s);
        here.died_early =
            here.died_early || (!said.front().lived() && said.front().dead_by_s < longer_s &&
                                log_premature(said.front(), longer_s, packet_loss) < log_odd);
    }
    return lives;
}

// Which connections have the shorter timeout, as far as their lives tell.
struct census {
    std::map<std::uint32_t, life> shorter;
    std::map<std::uint32_t, life> longer;
};

census census_of(std::span<const observation> seen, double longer_s, double packet_loss)
{
    census found;
    const auto lives = lives_of(seen, longer_s, packet_loss);
    double first_dead = never;
    for (const auto& [id, here] : lives)
        if (here.died_early) {
            found.shorter.emplace(id, here);
            first_dead = std::min(first_dead, here.died_s);
        }
    for (const auto& [id, here] : lives)
        if (!here.died_early && here.survived_s >= first_dead)
            found.longer.emplace(id, here);
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

std::vector<part> parts_of(std::span<const observation> seen, const two_steps_fit& fit,
                           const census& of, double packet_loss)
{
    const auto of_shorter = lived_by(of.shorter, seen);
    double all_dead = 0;  // by then all of them were
    for (const auto& entry : of.shorter)
        all_dead = std::max(all_dead, entry.second.died_s);
    const auto first = bracket(of_shorter, packet_loss);
    // Only those that are known to have the longer one tell when it ends.
    const auto last = bracket(lived_by(of.longer, seen), packet_loss);
    const auto high = first.expired.value_or(from_seconds(all_dead));
    return {{.low = std::min(std::max(first.survived, from_seconds(fit.low_s)), high),
             .high = high,
             .confidence = first.confidence,
             .share = fit.share},
            {.low = last.survived,
             .high = last.expired,
             .confidence = last.confidence,
             .share = 1 - fit.share}};
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

mixture mixture_of(std::span<const observation> seen, double packet_loss)
{
    const auto fit = fit_two_steps(silences_of(seen), packet_loss);
    const auto of = census_of(seen, fit.longer_s, packet_loss);
    return {parts_of(seen, fit, of, packet_loss), port_rule(of)};
}

}  // namespace deadair::estimate
