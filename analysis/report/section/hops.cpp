// Which box on the way forgets: the way as a picture, each box with its timeout.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/drawing.hpp"
#include "analysis/report/hops.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

constexpr double step = 44;  // from one hop to the next
constexpr double host_height = 26;
constexpr double top = 8;
constexpr double left = 6;
constexpr double inset = 12;

// Of a place in half hops.
double height_of(int half_hops)
{
    return top + host_height / 2 + half_hops * step / 2;
}

std::string name_of(const store::hop& one)
{
    return fmt::format("{}  {}{}", one.number, one.address.empty() ? "no answer" : one.address,
                       one.server ? " (the server)" : "");
}

void draw_host(drawing& on, int hop, const std::string& name, double width)
{
    const auto middle = height_of(2 * hop);
    on.box({left + inset, middle - host_height / 2}, {width, host_height}, "frame");
    on.text({left + inset + 10, middle + 4}, name, "name");
}

// Behind the hosts among which it stands.
void draw_box(drawing& on, const store::box& one, double hosts)
{
    constexpr double margin = 6;
    const auto from = height_of(one.nearest) - host_height / 2;
    const auto to = height_of(one.farthest) + host_height / 2;
    const bool between = one.nearest == one.farthest && one.nearest % 2 == 1;
    const auto shrink = between ? host_height / 2 - 9 : -margin + 2;
    on.box({left, from + shrink}, {on.width() - 2 * left, to - from - 2 * shrink}, "dead");
    on.text({left + inset + hosts + 12, (from + to) / 2 + 4},
            fmt::format("forgets after {}", timeout_in_words(one)), "value");
}

std::string draw(const store::hops_found& of, double width, const std::string& id,
                 const picture& words)
{
    const auto hosts = width * 0.52;
    const int last = of.way.back().number;
    drawing on{width, height_of(2 * last) + host_height / 2 + top};
    for (const auto& each : of.boxes)
        draw_box(on, each, hosts);
    on.line({left + 2 * inset, height_of(0)}, {left + 2 * inset, height_of(2 * last)}, "edge");
    draw_host(on, 0, "this host", hosts);
    for (const auto& each : of.way)
        draw_host(on, each.number, name_of(each), hosts);
    return on.svg(id, words.title, words.description);
}

std::string in_characters(const store::hops_found& of)
{
    std::string text = "  this host\n";
    for (const auto& each : of.way) {
        for (const auto& one : of.boxes)
            if (one.nearest <= 2 * each.number - 1 && 2 * each.number - 1 <= one.farthest)
                text += fmt::format("   | {}{}\n", one.nearest == one.farthest ? "" : "(or here) ",
                                    "forgets after " + timeout_in_words(one));
        auto line = "  " + name_of(each);
        for (const auto& one : of.boxes)
            if (one.nearest <= 2 * each.number && 2 * each.number <= one.farthest)
                line += "  <- forgets after " + timeout_in_words(one);
        text += line + "\n";
    }
    text.pop_back();
    return text;
}

picture way_of(const store::hops_found& of)
{
    picture all{.title = "The way, and what forgets on it",
                .description = hops_answer(of),
                .wide = {},
                .narrow = {},
                .plain = in_characters(of)};
    all.wide = draw(of, picture_widths::wide, "hops-wide", all);
    all.narrow = draw(of, picture_widths::narrow, "hops-narrow", all);
    return all;
}

}  // namespace

std::optional<section> hops_section(const material& from)
{
    if (!from.hops.verdict)
        return std::nullopt;
    section all{.id = "hops", .title = "Which box forgets", .blocks = {}};
    if (!from.findings.empty())  // else it heads the report
        all.blocks.emplace_back(paragraph{hops_answer(from.hops)});
    if (const auto other = control_answer(from.hops); !other.empty())
        all.blocks.emplace_back(paragraph{other});
    if (!from.hops.way.empty())
        all.blocks.emplace_back(way_of(from.hops));
    if (!from.hops.verdict->remarks.empty())
        all.blocks.emplace_back(bullets{from.hops.verdict->remarks});
    all.blocks.emplace_back(paragraph{fmt::format(
        "Found by TCP keepalives that go only so many hops: they keep a connection alive in the "
        "boxes that they reach, and in none behind. Silences of up to {} were tried. Hops are "
        "those of the way there; ways of other connections may differ.",
        format_duration(from.hops.verdict->longest))});
    return all;
}

}  // namespace deadair::report
