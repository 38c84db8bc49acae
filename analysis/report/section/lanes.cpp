#include "analysis/report/section/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "analysis/estimate/in_words.hpp"
#include "analysis/report/agreeing.hpp"
#include "analysis/report/drawing.hpp"
#include "analysis/report/section/legend.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

using namespace std::chrono_literals;

constexpr double side = 6;  // room for a mark at either end
constexpr double lane_height = 62;
constexpr double track_top = 22;
constexpr double track_height = 28;
constexpr std::size_t characters = 74;

constexpr std::array all_outcomes{outcome::delivered, outcome::lost,   outcome::late,
                                  outcome::reset,     outcome::closed, outcome::voided};

double row_of(outcome result)
{
    return result == outcome::delivered ? 8 : result == outcome::voided ? 14 : 20;
}

std::vector<outcome> outcomes_within(const std::vector<lane>& lanes, const time_range& range)
{
    std::vector<outcome> all;
    for (const auto result : all_outcomes)
        if (std::ranges::any_of(lanes, [&](const lane& one) {
                return std::ranges::any_of(one.probes, [&](const store::probe& each) {
                    return each.result == result && each.idle_age >= range.low &&
                           each.idle_age <= range.high;
                });
            }))
            all.push_back(result);
    return all;
}

std::string words(const lane& of)
{
    std::string text;
    for (const auto& each : of.findings)
        text += (text.empty() ? "" : "; ") + estimate::in_words(each);
    return text;
}

void draw_zones(drawing& on, const lane& of, const axis& across, double top)
{
    on.box({0, top}, {on.width(), track_height}, "frame");
    std::optional<nanoseconds> alive;
    std::optional<nanoseconds> dead;
    for (const auto& each : of.findings) {
        if (each.low)
            alive = std::min(alive.value_or(*each.low), *each.low);
        if (each.high)
            dead = std::max(dead.value_or(*each.high), *each.high);
    }
    if (alive)
        on.box({0, top}, {across.at(*alive), track_height}, "alive");
    if (dead)
        on.box({across.at(*dead), top}, {on.width() - across.at(*dead), track_height}, "dead");
    for (const auto& each : of.findings)
        if (each.low && each.high && across.shows(*each.high))
            on.box({across.at(*each.low), top - 3},
                   {std::max(2.0, across.at(*each.high) - across.at(*each.low)), track_height + 6},
                   "interval");
}

void draw_lane(drawing& on, const lane& of, const axis& across, double top)
{
    // Both texts have room side by side on a desk; on a telephone the second goes below.
    on.text({0, top + 14}, of.name, "name");
    if (on.width() > picture_widths::narrow)
        on.text({on.width(), top + 14}, words(of), "value", anchor::end);
    else
        on.text({0, top + track_top + track_height + 15}, words(of), "value");
    draw_zones(on, of, across, top + track_top);
    for (const auto& each : of.findings)
        if (each.idle_timeout && across.shows(*each.idle_timeout)) {
            const double x = across.at(*each.idle_timeout);
            on.line({x, top + track_top - 3}, {x, top + track_top + track_height + 3}, "edge");
        }
    for (const auto result : all_outcomes) {
        std::vector<point> at;
        for (const auto& each : of.probes)
            if (each.result == result && across.shows(each.idle_age))
                at.push_back({across.at(each.idle_age), top + track_top + row_of(result)});
        on.marks(at, to_string(result));
    }
}

std::string draw(const std::vector<lane>& lanes, const time_range& range, double width,
                 const std::string& id, const picture& words)
{
    const double each = lane_height + (width > picture_widths::narrow ? 0 : 18);
    const legend keys{outcomes_within(lanes, range), true, width};
    const double top = keys.height();
    const double bottom = top + each * static_cast<double>(lanes.size());
    const axis across{range, side, width - side};
    drawing on{width, bottom + 22};
    keys.draw(on);
    for (const auto tick : across.ticks(width > picture_widths::narrow ? 9 : 5)) {
        on.line({across.at(tick), top}, {across.at(tick), bottom}, "grid");
        on.text({std::clamp(across.at(tick), 16.0, width - 20), bottom + 16}, format_duration(tick),
                "tick", anchor::middle);
    }
    for (std::size_t i = 0; i < lanes.size(); ++i)
        draw_lane(on, lanes[i], across, top + each * static_cast<double>(i));
    return on.svg(id, words.title, words.description);
}

std::string in_characters(const lane& of, const axis& across)
{
    std::string line(characters, ' ');
    const auto cell = [&](nanoseconds age) -> char& {
        return line.at(static_cast<std::size_t>(across.at(age)));
    };
    for (const auto& each : of.probes)
        if (each.result != outcome::voided && across.shows(each.idle_age)) {
            const char mark = each.result == outcome::delivered ? '+' : 'x';
            auto& at = cell(each.idle_age);
            at = at == ' ' || at == mark ? mark : '*';
        }
    for (const auto& each : of.findings)
        if (each.idle_timeout && across.shows(*each.idle_timeout))
            cell(*each.idle_timeout) = '|';
    return fmt::format("{}: {}\n [{}]\n", of.name, words(of), line);
}

std::string in_characters(const std::vector<lane>& lanes, const time_range& range)
{
    const axis across{range, 0, characters - 1};
    std::string text;
    for (const auto& each : lanes)
        text += in_characters(each, across);
    std::string scale(characters + 12, ' ');
    for (const auto tick : across.ticks(6)) {
        const auto label = "^" + format_duration(tick);
        scale.replace(static_cast<std::size_t>(across.at(tick)), label.size(), label);
    }
    scale.erase(scale.find_last_not_of(' ') + 1);
    return text + "  " + scale + "\n  + delivered   x not delivered   * both   | idle timeout";
}

std::string description(const std::vector<lane>& lanes)
{
    std::string text = "Probes over idle age, one lane for each group of connections.";
    for (const auto& each : lanes)
        text += fmt::format(" {}: {}.", each.name, words(each));
    return text;
}

}  // namespace

std::vector<lane> lanes_of(const material& from)
{
    std::map<stratum, lane> all;
    for (const auto& each : from.findings)
        all[each.where].findings.push_back(each);
    for (const auto& each : from.probes)
        if (const auto found = all.find(each.where); found != all.end())
            found->second.probes.push_back(each.seen);
    std::vector<lane> lanes;
    for (auto& [where, one] : all) {
        const auto like =
            std::ranges::find_if(lanes, [&where = where, &one = one](const lane& other) {
                return other.strata[0].how == where.how && words(other) == words(one);
            });
        auto& into =
            like != lanes.end() ? *like : lanes.emplace_back(lane{{}, {}, one.findings, {}});
        into.strata.push_back(where);
        std::ranges::move(one.probes, std::back_inserter(into.probes));
    }
    for (auto& each : lanes)
        each.name = each.strata[0].how.by == refresh::none ? name_of(each.strata, from.findings)
                                                           : describe(each.strata[0]);
    return lanes;
}

std::optional<time_range> whole_range(const std::vector<lane>& lanes)
{
    // Even steps from zero, unless the shortest timeout would be lost in the corner.
    constexpr int corner = 12;
    std::optional<nanoseconds> longest;
    std::optional<nanoseconds> first;
    for (const auto& one : lanes) {
        for (const auto& each : one.probes)
            if (each.result != outcome::voided)
                longest = std::max(longest.value_or(each.idle_age), each.idle_age);
        for (const auto& each : one.findings)
            if (each.idle_timeout)
                first = std::min(first.value_or(*each.idle_timeout), *each.idle_timeout);
    }
    if (!longest)
        return std::nullopt;
    const bool by_ratio = first && *longest > corner * *first;
    return time_range{.low = by_ratio ? *first / corner : 0ns, .high = *longest * 51 / 50 + 1ms};
}

picture lanes_picture(const std::vector<lane>& lanes, const time_range& range,
                      const lane_text& text)
{
    picture all{.title = text.title,
                .description = description(lanes),
                .wide = {},
                .narrow = {},
                .plain = in_characters(lanes, range)};
    all.wide = draw(lanes, range, picture_widths::wide, text.id + "-wide", all);
    all.narrow = draw(lanes, range, picture_widths::narrow, text.id + "-narrow", all);
    return all;
}

}  // namespace deadair::report
