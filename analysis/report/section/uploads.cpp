// How uploads and downloads fared: goodput and stalls.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/axis.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/report/section/sections.hpp"
#include "analysis/report/uploads.hpp"
#include "analysis/words/byte_count.hpp"

namespace deadair::report {

namespace {

using namespace std::chrono_literals;

constexpr double row_height = 34;
constexpr double bar_height = 12;
constexpr double top = 4;
constexpr double right = 8;
constexpr std::size_t rows_max = 40;
constexpr std::size_t characters = 40;
// The kernel was asked every 100 ms: what is shorter cannot be told from progress.
constexpr nanoseconds stall_shown_min = 150ms;

std::vector<const measured_upload*> shown(const material& from)
{
    std::vector<const measured_upload*> all;
    for (const auto& each : from.uploads)
        if (all.size() < rows_max && each.what.total > nanoseconds{})
            all.push_back(&each);
    return all;
}

// From its start, each time without progress.
std::vector<time_range> stalls_of(const measured_upload& one)
{
    std::vector<time_range> all;
    if (one.progress.empty())
        return all;
    const auto since_start = [&](nanoseconds at) { return at - one.what.started; };
    const auto* began = &one.progress.front();
    const auto note = [&](nanoseconds until) {
        if (until - since_start(began->at) >= stall_shown_min)
            all.push_back({.low = since_start(began->at), .high = until});
    };
    for (const auto& each : one.progress)
        if (each.moved_bytes > began->moved_bytes) {
            note(since_start(each.at));
            began = &each;
        }
    if (one.what.result != transfer_outcome::completed)
        note(one.what.total);
    return all;
}

std::string value_of(const measured_upload& one)
{
    if (one.what.moved_bytes == 0)
        return "nothing moved";
    return fmt::format("{}/s, longest stall {}", format_byte_count(one.what.goodput_bytes_per_s),
                       format_duration(one.what.longest_stall));
}

std::string draw(const std::vector<const measured_upload*>& rows, const time_range& range,
                 double width, const std::string& id, const picture& words)
{
    const double height = top + row_height * static_cast<double>(rows.size());
    const axis across{range, 0, width - right};
    drawing on{width, height + 24};
    for (const auto tick : across.ticks(width > picture_widths::narrow ? 9 : 4)) {
        on.line({across.at(tick), top}, {across.at(tick), height}, "grid");
        on.text({across.at(tick), height + 17}, format_duration(tick), "tick", anchor::middle);
    }
    double y = top;
    for (const auto* one : rows) {
        const bool completed = one->what.result == transfer_outcome::completed;
        on.text({0, y + 12}, fmt::format("{}: {}", upload_line(one->what), value_of(*one)),
                "value");
        on.box({0, y + 17}, {std::max(2.0, across.at(one->what.total)), bar_height},
               completed ? "alive" : "dead");
        for (const auto& each : stalls_of(*one))
            on.box({across.at(each.low), y + 17},
                   {std::max(1.0, across.at(each.high) - across.at(each.low)), bar_height},
                   "outage");
        y += row_height;
    }
    return on.svg(id, words.title, words.description);
}

std::string in_characters(const std::vector<const measured_upload*>& rows, const time_range& range)
{
    const axis across{range, 0, characters - 1};
    std::string text;
    for (const auto* one : rows) {
        std::string bar(static_cast<std::size_t>(across.at(one->what.total)) + 1, '=');
        for (const auto& each : stalls_of(*one))
            for (auto at = static_cast<std::size_t>(across.at(each.low));
                 at < bar.size() && at <= static_cast<std::size_t>(across.at(each.high)); ++at)
                bar[at] = '.';
        text += fmt::format(
            "  {:<28}{}\n",
            fmt::format("{} {} {}", to_string(one->what.on.kind), to_string(one->what.way),
                        format_byte_count(static_cast<double>(one->what.size_bytes))),
            bar);
    }
    return text + "  = progress   . no progress";
}

picture bars(const std::vector<const measured_upload*>& rows)
{
    nanoseconds longest{};
    for (const auto* each : rows)
        longest = std::max(longest, each->what.total);
    const time_range range{.low = {}, .high = longest};
    picture all{.title = "Transfers over time, and when they stood still",
                .description = fmt::format(
                    "A bar for each of {} transfers, as long as it took, {} at most; shaded where "
                    "nothing moved.",
                    rows.size(), format_duration(longest)),
                .wide = {},
                .narrow = {},
                .plain = in_characters(rows, range)};
    all.wide = draw(rows, range, picture_widths::wide, "uploads-wide", all);
    all.narrow = draw(rows, range, picture_widths::narrow, "uploads-narrow", all);
    return all;
}

}  // namespace

std::optional<section> uploads_section(const material& from)
{
    const auto rows = shown(from);
    if (rows.empty())
        return std::nullopt;
    section all{.id = "uploads", .title = "Uploads and downloads", .blocks = {}};
    all.blocks.emplace_back(bars(rows));
    if (from.uploads.size() > rows.size())
        all.blocks.emplace_back(
            paragraph{fmt::format("These are {} of {} transfers; the table uploads has all.",
                                  rows.size(), from.uploads.size())});
    return all;
}

}  // namespace deadair::report
