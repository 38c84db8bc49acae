#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/axis.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/report/section/sections.hpp"
#include "analysis/report/section/transfers.hpp"
#include "analysis/words/byte_count.hpp"

namespace deadair::report {

namespace {

using namespace std::chrono_literals;

constexpr double row_height = 36;
constexpr double bar_height = 12;
constexpr double right = 16;
constexpr std::size_t rows_max = 16;
constexpr std::size_t characters = 40;
// A row of progress is kept every 100 ms: what is shorter is not to be seen in them.
constexpr nanoseconds stall_shown_min = 150ms;

using rows = std::vector<const measured_upload*>;

// Those with the longest stalls, that moved at all.
rows stalled(const material& from)
{
    rows all;
    for (const auto& each : from.uploads)
        if (each.what.moved_bytes > 0 && each.what.longest_stall >= stall_shown_min)
            all.push_back(&each);
    std::ranges::stable_sort(all, std::ranges::greater{},
                             [](const auto* one) { return one->what.longest_stall; });
    if (all.size() > rows_max)
        all.resize(rows_max);
    return all;
}

// From its start, each time that samples without progress span: never more than the truth.
std::vector<time_range> stalls_of(const measured_upload& one)
{
    std::vector<time_range> all;
    if (one.progress.empty())
        return all;
    time_range still{.low = one.progress.front().at, .high = one.progress.front().at};
    auto moved = one.progress.front().moved_bytes;
    const auto note = [&] {
        if (still.high > still.low)
            all.push_back(
                {.low = still.low - one.what.started, .high = still.high - one.what.started});
    };
    for (const auto& each : one.progress) {
        if (each.moved_bytes > moved) {
            note();
            still.low = each.at;
            moved = each.moved_bytes;
        }
        still.high = each.at;
    }
    if (one.what.result != transfer_outcome::completed)
        still.high = one.what.started + one.what.total;
    note();
    return all;
}

std::string title_of(const store::upload& one)
{
    return fmt::format("{} {} {}", to_string(one.on.kind), to_string(one.way),
                       format_byte_count(static_cast<double>(one.size_bytes)));
}

std::string draw(const rows& all, const time_range& range, double width, const std::string& id,
                 const picture& words)
{
    const double height = row_height * static_cast<double>(all.size());
    const axis across{range, 0, width - right};
    drawing on{width, height + 24};
    const auto ticks = across.ticks(width > picture_widths::narrow ? 9 : 4);
    for (const auto tick : ticks)
        on.text({across.at(tick), height + 17}, format_duration(tick), "tick",
                tick == range.low ? anchor::start : anchor::middle);
    double y = 0;
    for (const auto* one : all) {
        on.text(
            {0, y + 12},
            fmt::format("{}: longest stall {} of {}", title_of(one->what),
                        format_duration(one->what.longest_stall), format_duration(one->what.total)),
            "value");
        for (const auto tick : ticks)
            on.line({across.at(tick), y + 17}, {across.at(tick), y + 17 + bar_height}, "grid");
        on.box({0, y + 17}, {std::max(2.0, across.at(one->what.total)), bar_height}, "goodput");
        for (const auto& each : stalls_of(*one))
            on.box({across.at(each.low), y + 17},
                   {std::max(1.0, across.at(each.high) - across.at(each.low)), bar_height},
                   "stall");
        y += row_height;
    }
    return on.svg(id, words.title, words.description);
}

std::string in_characters(const rows& all, const time_range& range)
{
    const axis across{range, 0, characters - 1};
    std::string text;
    for (const auto* one : all) {
        std::string bar(static_cast<std::size_t>(across.at(one->what.total)) + 1, '=');
        for (const auto& each : stalls_of(*one))
            for (auto at = static_cast<std::size_t>(across.at(each.low));
                 at < bar.size() && at <= static_cast<std::size_t>(across.at(each.high)); ++at)
                bar[at] = '.';
        text += fmt::format("  {:<20} {}\n", title_of(one->what), bar);
    }
    return text + "  = progress   . no progress";
}

}  // namespace

std::optional<picture> stalls_picture(const material& from)
{
    const auto all = stalled(from);
    if (all.empty())
        return std::nullopt;
    nanoseconds longest{};
    for (const auto* each : all)
        longest = std::max(longest, each->what.total);
    const time_range range{.low = {}, .high = longest};
    picture made{.title = "Stalls: when nothing moved",
                 .description = fmt::format(
                     "A bar for each of the {} transfers that stood still longest, as long as it "
                     "took, {} at most; darker where nothing moved.",
                     all.size(), format_duration(longest)),
                 .wide = {},
                 .narrow = {},
                 .plain = in_characters(all, range)};
    made.wide = draw(all, range, picture_widths::wide, "stalls-wide", made);
    made.narrow = draw(all, range, picture_widths::narrow, "stalls-narrow", made);
    return made;
}

}  // namespace deadair::report
