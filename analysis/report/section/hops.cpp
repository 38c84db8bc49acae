// Which box on the way forgets: the way as a picture, each box with its timeout.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/drawing.hpp"
#include "analysis/report/hops.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

constexpr double host_height = 26;
constexpr double top = 8;
constexpr double left = 6;
constexpr double inset = 12;

/// Where things stand: what forgets is named beside the hosts, or below them where it is narrow.
struct places {
    double width{};
    bool narrow{};

    double step() const { return narrow ? 62 : 44; }  // from one hop to the next
    double hosts() const { return narrow ? width - 2 * (left + inset) : width * 0.52; }
    double height_of(int half_hops) const { return top + host_height / 2 + half_hops * step() / 2; }
};

std::string name_of(const store::hop& one)
{
    return fmt::format("{}  {}{}", one.number, one.address.empty() ? "no answer" : one.address,
                       one.server ? " (the server)" : "");
}

void draw_host(drawing& on, int hop, const std::string& name, const places& at)
{
    const auto middle = at.height_of(2 * hop);
    on.box({left + inset, middle - host_height / 2}, {at.hosts(), host_height}, "frame");
    on.text({left + inset + 10, middle + 4}, name, "name");
}

bool is_on_link(int half_hops)
{
    return half_hops % 2 == 1;
}

void name_box(drawing& on, const store::box& one, const places& at)
{
    const auto words = fmt::format("forgets after {}", timeout_in_words(one));
    if (!at.narrow)
        return on.text({left + inset + at.hosts() + 12,
                        (at.height_of(one.nearest) + at.height_of(one.farthest)) / 2 + 4},
                       words, "value");
    const auto below = is_on_link(one.farthest) ? 12 : host_height / 2 + 13;
    on.text({left + 2 * inset + 10, at.height_of(one.farthest) + below}, words, "value");
}

// Behind the hosts among which it stands.
void draw_box(drawing& on, const store::box& one, const places& at)
{
    const auto half_of = [&](int half_hops) {
        return is_on_link(half_hops) ? (at.narrow ? 16 : 8) : host_height / 2 + 4;
    };
    // Down to the words below it.
    const auto under = at.narrow && !is_on_link(one.farthest) ? 14 : 0;
    const auto from = at.height_of(one.nearest) - half_of(one.nearest);
    const auto to = at.height_of(one.farthest) + half_of(one.farthest) + under;
    on.box({left, from}, {on.width() - 2 * left, to - from}, "dead");
    name_box(on, one, at);
}

std::string draw(const store::hops_found& of, const places& at, const std::string& id,
                 const picture& words)
{
    const int last = of.way.back().number;
    drawing on{at.width, at.height_of(2 * last) + host_height / 2 + top + (at.narrow ? 20 : 0)};
    for (const auto& each : of.boxes)
        draw_box(on, each, at);
    on.line({left + 2 * inset, at.height_of(0)}, {left + 2 * inset, at.height_of(2 * last)},
            "edge");
    draw_host(on, 0, "this host", at);
    for (const auto& each : of.way)
        draw_host(on, each.number, name_of(each), at);
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
    all.wide = draw(of, {.width = picture_widths::wide}, "hops-wide", all);
    all.narrow = draw(of, {.width = picture_widths::narrow, .narrow = true}, "hops-narrow", all);
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
