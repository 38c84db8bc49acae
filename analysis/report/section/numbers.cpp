#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/results.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

constexpr std::size_t rows_max = 400;

// The likeliest to be asked for: what lies nearest to the timeout.
std::vector<const placed_probe*> nearest_probes(const material& from)
{
    std::vector<const placed_probe*> all;
    for (const auto& each : from.probes)
        all.push_back(&each);
    if (const auto* const first = shortest(from.findings)) {
        const auto distance = [first](const placed_probe* one) {
            return std::chrono::abs(one->seen.idle_age - *first->idle_timeout);
        };
        std::ranges::stable_sort(all, {}, distance);
    }
    if (all.size() > rows_max)
        all.resize(rows_max);
    std::ranges::stable_sort(all, {}, [](const placed_probe* one) { return one->seen.sent; });
    return all;
}

std::vector<std::string> row_of(const placed_probe& one)
{
    const auto trip =
        one.seen.round_trip ? fmt::format("{:.2f}", to_seconds(*one.seen.round_trip) * 1e3) : "";
    return {fmt::format("{:.3f}", to_seconds(one.seen.sent)),
            describe(one.where),
            fmt::format("{:.3f}", to_seconds(one.seen.idle_age)),
            fmt::format("{:.3f}", to_seconds(one.seen.idle_age_error)),
            std::string{to_string(one.seen.result)} + (one.seen.unprompted ? ", unprompted" : ""),
            trip,
            fmt::format("{}", one.seen.unanswered),
            one.seen.server_saw,
            one.seen.void_reason};
}

}  // namespace

std::optional<section> numbers_section(const material& from)
{
    if (from.probes.empty())
        return std::nullopt;
    const auto shown = nearest_probes(from);
    grid all{.columns = {{"sent, s", true},
                         {"stratum"},
                         {"idle age, s", true},
                         {"±, s", true},
                         {"outcome"},
                         {"round trip, ms", true},
                         {"unanswered packets", true},
                         {"server saw"},
                         {"void because"}},
             .rows = {},
             .folded_under = fmt::format("{} of {} probes", shown.size(), from.probes.size())};
    for (const auto* each : shown)
        all.rows.push_back(row_of(*each));
    section numbers{.id = "numbers", .title = "Raw numbers", .blocks = {}};
    if (shown.size() < from.probes.size())
        numbers.blocks.emplace_back(
            paragraph{"Those nearest to the idle timeout; the file holds all of them."});
    numbers.blocks.emplace_back(std::move(all));
    numbers.blocks.emplace_back(
        code{fmt::format("sqlite3 FILE 'SELECT * FROM probes WHERE run_id = {}'", from.run.id)});
    return numbers;
}

}  // namespace deadair::report
