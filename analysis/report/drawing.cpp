#include "analysis/report/drawing.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "analysis/report/document.hpp"

namespace deadair::report {

namespace {

// A pixel's tenth is enough; "12.0" is written "12".
std::string number(double value)
{
    auto text = fmt::format("{:.1f}", value);
    if (text.ends_with(".0"))
        text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

struct shape {
    std::string_view kind;
    double left, up;  ///< where the pen begins, from the mark's middle
    std::string_view path;
};

// A different shape for each, so that nobody needs the colours.
constexpr std::array<shape, 6> shapes{{{"delivered", 0, 0, "h0"},
                                       {"lost", 3, 3, "l6 6m-6 0l6-6"},
                                       {"reset", 0, 4, "l4 7h-8z"},
                                       {"closed", 3, 3, "h6v6h-6z"},
                                       {"late", 0, 4, "l4 4l-4 4l-4-4z"},
                                       {"void", 3, 0, "h6"}}};

}  // namespace

void drawing::box(point corner, point size, std::string_view style)
{
    body_ += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>)",
                         number(corner.x), number(corner.y), number(size.x), number(size.y), style);
}

void drawing::line(point from, point to, std::string_view style)
{
    body_ += fmt::format(R"(<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>)", number(from.x),
                         number(from.y), number(to.x), number(to.y), style);
}

void drawing::polyline(const std::vector<point>& through, std::string_view style)
{
    body_ += fmt::format(R"(<polyline class="{}" points=")", style);
    for (const auto& each : through)
        body_ += number(each.x) + "," + number(each.y) + " ";
    body_ += "\"/>";
}

void drawing::text(point at, std::string_view words, std::string_view style, anchor side)
{
    constexpr std::array<std::string_view, 3> sides{"start", "middle", "end"};
    body_ +=
        fmt::format(R"(<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>)", number(at.x),
                    number(at.y), style, sides.at(static_cast<std::size_t>(side)), escaped(words));
}

void drawing::marks(const std::vector<point>& at, std::string_view kind)
{
    const shape* drawn = nullptr;
    for (const auto& each : shapes)
        if (each.kind == kind)
            drawn = &each;
    if (at.empty() || drawn == nullptr)
        return;
    std::set<std::pair<long, long>> taken;
    body_ += fmt::format(R"(<path class="mark {}" d=")", kind);
    for (const auto& each : at)
        if (taken.emplace(std::lround(each.x * 2), std::lround(each.y * 2)).second)
            body_ += "M" + number(each.x - drawn->left) + " " + number(each.y - drawn->up) +
                     std::string{drawn->path};
    body_ += "\"/>";
}

std::string drawing::svg(std::string_view id, std::string_view title,
                         std::string_view description) const
{
    return fmt::format(R"(<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" )"
                       R"(aria-labelledby="{2}-title {2}-desc"><title id="{2}-title">{3}</title>)"
                       R"(<desc id="{2}-desc">{4}</desc>{5}</svg>)",
                       number(width_), number(height_), id, escaped(title), escaped(description),
                       body_);
}

}  // namespace deadair::report
