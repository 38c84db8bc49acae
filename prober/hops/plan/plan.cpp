#include "prober/hops/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "prober/hops/plan/bisection.hpp"
#include "prober/hops/plan/references.hpp"

namespace deadair::hops_plan {

namespace {

using namespace std::chrono_literals;

// Held for so many idle timeouts, and a little: what is not refreshed is gone by then.
constexpr double silence_times = 1.15;
constexpr nanoseconds silence_margin = 1s;
constexpr int refreshes_per_timeout = 4;
constexpr nanoseconds every_min = 1s;  // what the server allows
constexpr nanoseconds every_max = 4min;
// Three of them within the timeout: fewer would leave it to one lost packet.
constexpr nanoseconds timeout_min = 3s;
// The kernel gives up after 127 keepalives without an answer; some are to spare.
constexpr int keepalives_max = 120;
constexpr std::uint32_t each_later = 12;  // connections of each kind beyond the first age, at most

// Reaches that end before the other end: for each side.
std::uint32_t kinds(const plan& of)
{
    return (of.from_server ? 2U : 1U) * static_cast<std::uint32_t>(of.server_hop - 1);
}

// Even steps by their logarithm, from the first age (left out) to the last; `shift`, 0 to 1, moves
// them, so that those of different reaches lie between each other.
nanoseconds age_of(const plan& of, double step, double steps)
{
    const auto first = to_seconds(age_first(of));
    return from_seconds(first * std::pow(to_seconds(age_last(of)) / first, step / steps));
}

}  // namespace

nanoseconds age_first(const plan& of)
{
    return from_seconds(silence_times * to_seconds(of.timeout_high)) + silence_margin;
}

nanoseconds age_last(const plan& of)
{
    // Connections are too few to look for what forgets later.
    if (is_bisected(of))
        return age_first(of);
    const auto wanted = of.idle_max.value_or(2 * of.timeout_high + silence_margin);
    return std::max(std::min(wanted, keepalives_max * nanoseconds{refresh_every(of)}),
                    age_first(of));
}

std::chrono::milliseconds refresh_every(const plan& of)
{
    return std::chrono::floor<std::chrono::milliseconds>(
        std::clamp(of.timeout_low / refreshes_per_timeout, every_min, every_max));
}

std::optional<std::string> refuse(const plan& wanted)
{
    if (wanted.server_hop < 2)
        return "no hop lies between this host and the server, so there is nothing to tell apart";
    if (wanted.timeout_low < timeout_min)
        return fmt::format(
            "an idle timeout of {} is too short for this: keepalives of {} or more apart must fit "
            "into it; the shortest is {}",
            format_duration(wanted.timeout_low), format_duration(every_min),
            format_duration(timeout_min));
    const auto first = age_first(wanted);
    if (first > keepalives_max * nanoseconds{refresh_every(wanted)})
        return fmt::format(
            "an idle timeout of {} is too long for this: a kernel gives a connection up after 127 "
            "keepalives without an answer, and they have to be {} apart at most",
            format_duration(wanted.timeout_high), format_duration(every_max));
    if (wanted.idle_max && *wanted.idle_max < first)
        return fmt::format(
            "--max-idle {} is too short for an idle timeout of {}: it takes silences of {}",
            format_duration(*wanted.idle_max), format_duration(wanted.timeout_high),
            format_duration(first));
    const auto least = bisection_least(wanted);
    if (wanted.connections < least)
        return fmt::format("--connections {} is too few for {} hops; use at least {}",
                           wanted.connections, wanted.server_hop - 1, least);
    return std::nullopt;
}

std::vector<trial> trials_of(const plan& of)
{
    if (is_bisected(of))
        return first_round(of);
    auto all = references_of(of, references::with_late);
    const auto each = static_cast<std::uint32_t>(of.connections - all.size()) / kinds(of);
    const auto later = age_last(of) > age_first(of) ? std::min(each - each_first, each_later) : 0;
    for (int hops = 1; hops < of.server_hop; ++hops)
        for (const auto from : {refresh_side::client, refresh_side::server}) {
            if (from == refresh_side::server && !of.from_server)
                continue;
            for (std::uint32_t i = 0; i < each_first; ++i)
                all.push_back({from, hops, age_first(of)});
            // Each reach has its steps between those of the others.
            const auto shift = double(hops - 1) / (of.server_hop - 1);
            for (std::uint32_t i = 0; i < later; ++i)
                all.push_back({from, hops, age_of(of, i + 1 - shift, later)});
        }
    return all;
}

}  // namespace deadair::hops_plan
