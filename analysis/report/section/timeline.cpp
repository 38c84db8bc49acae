#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/report/axis.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/section/lanes.hpp"
#include "analysis/report/section/legend.hpp"
#include "analysis/report/section/outages.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

constexpr double plot_height = 250;
constexpr double left = 52;
constexpr double right = 8;
constexpr std::size_t columns = 66;
constexpr std::size_t lines = 14;
constexpr std::size_t events_max = 40;

constexpr std::array all_outcomes{outcome::delivered, outcome::lost,   outcome::late,
                                  outcome::reset,     outcome::closed, outcome::voided};

struct ranges {
    time_range run;
    time_range ages;
};

std::vector<outcome> outcomes_of(const material& from)
{
    std::vector<outcome> all;
    for (const auto result : all_outcomes)
        if (std::ranges::any_of(from.probes, [result](const placed_probe& each) {
                return each.seen.result == result;
            }))
            all.push_back(result);
    return all;
}

void draw_axes(drawing& on, const axis& across, const axis& up, double top)
{
    const double end = on.width() - right;
    for (const auto tick : up.ticks(6)) {
        on.line({left, up.at(tick)}, {end, up.at(tick)}, "grid");
        on.text({left - 6, up.at(tick) + 4}, format_duration(tick), "tick", anchor::end);
    }
    for (const auto tick : across.ticks(on.width() > picture_widths::narrow ? 9 : 4))
        on.text({across.at(tick), top + plot_height + 17}, format_duration(tick), "tick",
                anchor::middle);
    on.text({0, top - 6}, "idle age", "tick");
    on.text({end, top + plot_height + 34}, "time since the run's start", "tick", anchor::end);
}

void draw_happenings(drawing& on, const material& from, const axis& across, double top)
{
    for (const auto& each : outages(from))
        on.box({across.at(each.low), top},
               {std::max(2.0, across.at(each.high) - across.at(each.low)), plot_height}, "outage");
    for (const auto& each : from.events)
        on.line({across.at(each.at), top}, {across.at(each.at), top + plot_height}, "event");
}

std::string draw(const material& from, const ranges& show, double width, const std::string& id,
                 const picture& words)
{
    const legend keys{outcomes_of(from), false, width};
    const double top = keys.height() + 18;
    const axis across{show.run, left, width - right};
    const axis up{show.ages, top + plot_height, top};
    drawing on{width, top + plot_height + 40};
    keys.draw(on);
    draw_axes(on, across, up, top);
    draw_happenings(on, from, across, top);
    if (const auto* const first = shortest(from.findings))
        on.line({left, up.at(*first->idle_timeout)}, {width - right, up.at(*first->idle_timeout)},
                "edge");
    for (const auto result : all_outcomes) {
        std::vector<point> at;
        for (const auto& each : from.probes)
            if (each.seen.result == result)
                at.push_back({across.at(each.seen.sent), up.at(each.seen.idle_age)});
        on.marks(at, to_string(result));
    }
    return on.svg(id, words.title, words.description);
}

std::string in_characters(const material& from, const ranges& show)
{
    const axis across{show.run, 0, columns - 1};
    const axis up{show.ages, lines - 1, 0};
    std::vector<std::string> plot(lines, std::string(columns, ' '));
    for (const auto& each : from.probes) {
        auto& at = plot.at(static_cast<std::size_t>(up.at(each.seen.idle_age)))
                       .at(static_cast<std::size_t>(across.at(each.seen.sent)));
        const char mark = each.seen.result == outcome::delivered ? '+'
                          : each.seen.result == outcome::voided  ? '.'
                                                                 : 'x';
        at = at == ' ' || at == mark ? mark : '*';
    }
    const auto label = [&](std::size_t line) -> std::string {
        return line == 0           ? format_duration(show.ages.high)
               : line == lines - 1 ? format_duration(show.ages.low)
                                   : "";
    };
    std::string text = "idle age\n";
    for (std::size_t line = 0; line < lines; ++line)
        text += fmt::format("{:>8} |{}\n", label(line), plot[line]);
    return text +
           fmt::format("{:>8} +{:-<{}}\n{:>10}0 s{:>{}}\n", "", "", columns, "",
                       format_duration(show.run.high), columns - 3) +
           "  + delivered   x not delivered   . void   * several";
}

picture timeline(const material& from, const ranges& show)
{
    picture all{.title = "Idle ages probed over the run",
                .description = fmt::format(
                    "{} probes over {}, each at the time when it was sent and the idle "
                    "age that it ended; {} events.",
                    from.probes.size(), format_duration(show.run.high), from.events.size()),
                .wide = {},
                .narrow = {},
                .plain = in_characters(from, show)};
    all.wide = draw(from, show, picture_widths::wide, "timeline-wide", all);
    all.narrow = draw(from, show, picture_widths::narrow, "timeline-narrow", all);
    return all;
}

grid events_table(const material& from)
{
    grid all{.columns = {{"after", true}, {"what"}, {"detail"}}, .rows = {}};
    for (const auto& each : from.events) {
        if (all.rows.size() == events_max)
            break;
        all.rows.push_back({format_duration(each.at), each.kind, each.detail});
    }
    return all;
}

}  // namespace

std::optional<section> timeline_section(const material& from)
{
    const auto ages = whole_range(lanes_of(from));
    if (!ages || from.lasted <= nanoseconds{})
        return std::nullopt;
    section all{.id = "timeline", .title = "Timeline of the run", .blocks = {}};
    all.blocks.emplace_back(
        timeline(from, {.run = {.low = {}, .high = from.lasted}, .ages = *ages}));
    if (from.events.empty()) {
        all.blocks.emplace_back(
            paragraph{"No outage, refused connection, restart or suspension disturbed the run."});
        return all;
    }
    all.blocks.emplace_back(paragraph{fmt::format(
        "{} events{}; they are the dashed lines above, outages the bands:", from.events.size(),
        from.events.size() > events_max ? fmt::format(", of which the first {}", events_max)
                                        : "")});
    all.blocks.emplace_back(events_table(from));
    return all;
}

}  // namespace deadair::report
