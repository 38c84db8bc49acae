#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/report/drawing.hpp"
#include "analysis/report/section/sections.hpp"
#include "analysis/report/section/transfers.hpp"
#include "analysis/words/byte_count.hpp"

namespace deadair::report {

namespace {

constexpr double row_height = 22;
constexpr double head_height = 28;
constexpr double bar_height = 12;
constexpr double left = 128;
constexpr double right = 84;  // the figure behind the bar
constexpr std::size_t rows_max = 48;
constexpr std::size_t characters = 34;

struct bar {
    std::string name;
    double goodput{};
};
/// By transport and direction.
using groups = std::map<std::pair<transport, transfer_direction>, std::vector<bar>>;

std::string name_of(const store::upload& one)
{
    auto text = format_byte_count(static_cast<double>(one.size_bytes));
    if (one.spell != idle_spell::fresh)
        text += fmt::format(" after {}", format_duration(one.idle_before));
    return text;
}

groups groups_of(const material& from)
{
    groups all;
    std::size_t rows = 0;
    for (const auto& each : from.uploads)
        if (const auto goodput = each.what.goodput_bytes_per_s;
            goodput && each.what.result == transfer_outcome::completed && rows < rows_max) {
            all[{each.what.on.kind, each.what.way}].push_back({name_of(each.what), *goodput});
            ++rows;
        }
    return all;
}

double fastest(const groups& all)
{
    double most = 0;
    for (const auto& [key, bars] : all)
        for (const auto& each : bars)
            most = std::max(most, each.goodput);
    return most;
}

std::string title_of(const groups::key_type& key)
{
    return fmt::format("{} {}", to_string(key.first), to_string(key.second));
}

std::string figure(const bar& of)
{
    return format_byte_count(of.goodput) + "/s";
}

std::string draw(const groups& all, double width, const std::string& id, const picture& words)
{
    std::size_t rows = 0;
    for (const auto& [key, bars] : all)
        rows += bars.size();
    drawing on{width, head_height * static_cast<double>(all.size()) +
                          row_height * static_cast<double>(rows)};
    const double scale = (width - left - right) / fastest(all);
    double y = 0;
    for (const auto& [key, bars] : all) {
        on.text({0, y + 20}, title_of(key), "name");
        y += head_height;
        for (const auto& each : bars) {
            const double length = std::max(1.0, each.goodput * scale);
            on.text({left - 10, y + 11}, each.name, "tick", anchor::end);
            on.box({left, y}, {length, bar_height}, "goodput");
            on.text({left + length + 6, y + 11}, figure(each), "value");
            y += row_height;
        }
    }
    return on.svg(id, words.title, words.description);
}

std::string in_characters(const groups& all)
{
    std::string text;
    const double scale = static_cast<double>(characters) / fastest(all);
    for (const auto& [key, bars] : all) {
        text += fmt::format("  {}\n", title_of(key));
        for (const auto& each : bars)
            text += fmt::format(
                "  {:>20} {} {}\n", each.name,
                std::string(
                    std::max<std::size_t>(1, static_cast<std::size_t>(each.goodput * scale)), '#'),
                figure(each));
    }
    text.pop_back();
    return text;
}

}  // namespace

std::optional<picture> goodput_picture(const material& from)
{
    const auto all = groups_of(from);
    if (fastest(all) <= 0)
        return std::nullopt;
    picture made{.title = "Goodput: how fast the bytes arrived",
                 .description = fmt::format("A bar for each completed transfer; the fastest moved "
                                            "{} a second.",
                                            format_byte_count(fastest(all))),
                 .wide = {},
                 .narrow = {},
                 .plain = in_characters(all)};
    made.wide = draw(all, picture_widths::wide, "goodput-wide", made);
    made.narrow = draw(all, picture_widths::narrow, "goodput-narrow", made);
    return made;
}

}  // namespace deadair::report
