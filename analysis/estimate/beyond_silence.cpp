#include "analysis/estimate/beyond_silence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/estimate/interval.hpp"

namespace deadair::estimate {

namespace {

// So many silences, and such a share of all, have to be broken before that is the finding.
constexpr std::uint32_t disturbed_min = 4;
constexpr double disturbed_share = 0.5;

void be_inconclusive(finding& found, explanation why, std::string note)
{
    found.kind = finding_kind::inconclusive;
    found.why = why;
    found.confidence = 0;
    found.note = std::move(note);
}

void of_lost_bindings(finding& found, const assumptions& given)
{
    const auto times = given.bindings_lost.size();
    const auto [first, last] = std::ranges::minmax(given.bindings_lost);
    found.moment = first;
    auto every = std::string{};
    if (times > 1) {
        found.period = (last - first) / static_cast<std::int64_t>(times - 1);
        every = fmt::format(", about every {:.0f} s", to_seconds(*found.period));
    }
    be_inconclusive(found, explanation::flush,
                    fmt::format("all connections were lost {}{}, the busy ones too: something "
                                "restarts or flushes",
                                times == 1 ? "once" : fmt::format("{} times", times), every));
}

void of_disturbance(finding& found, std::span<const observation> seen)
{
    std::uint32_t broken = 0;
    auto shortest = nanoseconds::max();
    for (const auto& each : seen)
        if (each.disturbed) {
            ++broken;
            shortest = std::min(shortest, each.idle_age);
        }
    if (broken < disturbed_min || broken < disturbed_share * static_cast<double>(seen.size()))
        return;
    be_inconclusive(found, explanation::disturbed,
                    fmt::format("{} silences of {:.1f} s and more were broken by packets of "
                                "neither end: something on the path speaks for one of them",
                                broken, to_seconds(shortest)));
}

}  // namespace

void look_beyond_silence(finding& found, std::span<const observation> seen,
                         const assumptions& given)
{
    const bool expired =
        found.kind != finding_kind::none && found.kind != finding_kind::inconclusive;
    if (expired || found.why == explanation::age || found.why == explanation::half_dead)
        return;
    if (!given.bindings_lost.empty())
        return of_lost_bindings(found, given);
    of_disturbance(found, seen);
}

}  // namespace deadair::estimate
