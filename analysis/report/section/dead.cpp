#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/axis.hpp"
#include "analysis/report/dead_transfers.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/report/section/sections.hpp"
#include "analysis/report/section/transfers.hpp"

namespace deadair::report {

namespace {

constexpr double row_height = 52;
constexpr double bar_height = 12;
constexpr double right = 16;
constexpr std::size_t characters = 40;

using rows = std::vector<dead_transfers>;

nanoseconds length_of(const dead_transfers& one)
{
    return std::ranges::max(one.took);
}

std::string who_was_told(const dead_transfers& of)
{
    const auto silence = silence_text(of.like);
    if (!of.noticed.empty())
        return fmt::format("after {}: told {}", silence, told_text(of));
    const bool waits = of.like.way == transfer_direction::download;
    return fmt::format("after {}: {} within {}", silence, waits ? "nothing came" : "not told",
                       format_duration(length_of(of)));
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
    for (const auto& each : all) {
        on.text({0, y + 13}, describe(each), "name");
        on.text({0, y + 28}, who_was_told(each), "value");
        for (const auto tick : ticks)
            on.line({across.at(tick), y + 33}, {across.at(tick), y + 33 + bar_height}, "grid");
        on.box({0, y + 33}, {std::max(2.0, across.at(length_of(each))), bar_height}, "hung");
        y += row_height;
    }
    return on.svg(id, words.title, words.description);
}

std::string in_characters(const rows& all, const time_range& range)
{
    const axis across{range, 0, characters - 1};
    std::string text;
    for (const auto& each : all)
        text +=
            fmt::format("  {}\n  {:<42} {}\n", describe(each),
                        std::string(static_cast<std::size_t>(across.at(length_of(each))) + 1, 'x'),
                        who_was_told(each));
    text.pop_back();
    return text;
}

}  // namespace

std::optional<picture> dead_picture(const material& from)
{
    std::vector<store::upload> uploads;
    for (const auto& each : from.uploads)
        uploads.push_back(each.what);
    const auto all = dead_transfers_of(uploads);
    if (all.empty())
        return std::nullopt;
    nanoseconds longest{};
    for (const auto& each : all)
        longest = std::max(longest, length_of(each));
    const time_range range{.low = {}, .high = longest};
    picture made{.title = "On a binding that was gone: how long a transfer hung",
                 .description = fmt::format(
                     "A bar for each kind of transfer on a binding that was gone, as long as it "
                     "hung, {} at most, when the measurement gave up.",
                     format_duration(longest)),
                 .wide = {},
                 .narrow = {},
                 .plain = in_characters(all, range)};
    made.wide = draw(all, range, picture_widths::wide, "dead-wide", made);
    made.narrow = draw(all, range, picture_widths::narrow, "dead-narrow", made);
    return made;
}

}  // namespace deadair::report
