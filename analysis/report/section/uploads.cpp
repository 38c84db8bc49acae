// How uploads and downloads fared: goodput and stalls.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/dead_transfers.hpp"
#include "analysis/report/path.hpp"
#include "analysis/report/section/sections.hpp"
#include "analysis/report/section/transfers.hpp"
#include "analysis/report/uploads.hpp"
#include "analysis/words/byte_count.hpp"

namespace deadair::report {

namespace {

grid grid_of(const text_table& table)
{
    grid all;
    for (const auto& each : table.heads)
        all.columns.push_back({each});
    all.rows = table.rows;
    return all;
}

facts at_a_glance(const material& from, std::span<const store::upload> uploads)
{
    facts all;
    const auto seen = living_of(uploads);
    if (seen.completed > 0) {
        all.items.push_back({"Goodput", goodput_text(seen),
                             "of " + format_byte_count(static_cast<double>(seen.largest))});
        all.items.push_back({"Longest stall", format_duration(seen.longest_stall),
                             fmt::format("of {} on living connections", seen.tried)});
    }
    if (const auto again = path_figures({}, {}, uploads).uploads_retransmitted)
        all.items.push_back({"Sent again", fmt::format("{:.3g} %", again->value() * 100),
                             fmt::format("of {:.0f} segments", again->whole)});
    const auto timeout = std::ranges::find(from.settings, recommend::setting_name::write_timeout,
                                           &recommend::recommendation::setting);
    if (timeout != from.settings.end() && timeout->value)
        all.items.push_back(
            {"Write timeout", format_duration(from_seconds(*timeout->value)), "without progress"});
    return all;
}

void add_dead(std::vector<block>& to, const material& from, std::span<const store::upload> uploads)
{
    auto drawn = dead_picture(from);
    if (!drawn)
        return;
    to.emplace_back(std::move(*drawn));
    const auto table = dead_writes(uploads);
    if (table.rows.empty())
        return;
    to.emplace_back(paragraph{
        "What a write on such a binding hears. The last column is computed, from the "
        "retransmission timeout and tcp_retries2, as Linux does it; the others were measured."});
    to.emplace_back(grid_of(table));
}

}  // namespace

std::optional<section> uploads_section(const material& from)
{
    if (from.uploads.empty())
        return std::nullopt;
    std::vector<store::upload> uploads;
    for (const auto& each : from.uploads)
        uploads.push_back(each.what);
    section all{.id = "uploads", .title = "Uploads and downloads", .blocks = {}};
    all.blocks.emplace_back(at_a_glance(from, uploads));
    if (auto drawn = goodput_picture(from))
        all.blocks.emplace_back(std::move(*drawn));
    if (auto drawn = stalls_picture(from))
        all.blocks.emplace_back(std::move(*drawn));
    add_dead(all.blocks, from, uploads);
    auto every = grid_of(uploads_table(uploads));
    every.folded_under = fmt::format("All {} transfers", uploads.size());
    all.blocks.emplace_back(std::move(every));
    return all;
}

}  // namespace deadair::report
