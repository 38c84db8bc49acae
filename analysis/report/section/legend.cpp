#include "analysis/report/section/legend.hpp"

namespace deadair::report {

namespace {

constexpr double row_height = 20;
constexpr double letter = 6.6;  // of the 12 px text, on the safe side
constexpr double key_width = 18;
constexpr double gap = 12;

std::string_view words_of(outcome result)
{
    switch (result) {
        case outcome::lost:
            return "lost in silence";
        case outcome::late:
            return "late: revived first";
        case outcome::closed:
            return "closed in order";
        case outcome::voided:
            return "void: not counted";
        default:
            return to_string(result);
    }
}

void draw_key(drawing& on, point at, std::string_view kind)
{
    constexpr double half = 6;
    if (kind == "edge")
        on.line({at.x + half, at.y - half}, {at.x + half, at.y + half}, kind);
    else if (kind == "alive" || kind == "dead" || kind == "interval")
        on.box({at.x, at.y - half}, {2 * half, 2 * half}, kind);
    else
        on.marks({{at.x + half, at.y}}, kind);
}

}  // namespace

legend::legend(const std::vector<outcome>& outcomes, bool zones, double width)
{
    for (const auto each : outcomes)
        entries_.push_back({to_string(each), words_of(each), {}});
    if (zones)
        entries_.insert(entries_.end(), {{"alive", "survived", {}},
                                         {"interval", "the timeout lies within", {}},
                                         {"dead", "expired", {}},
                                         {"edge", "best value", {}}});
    point next{0, row_height / 2};
    for (auto& each : entries_) {
        const double needs = key_width + letter * static_cast<double>(each.words.size());
        if (next.x > 0 && next.x + needs > width)
            next = {0, next.y + row_height};
        each.at = next;
        next.x += needs + gap;
    }
}

double legend::height() const
{
    return entries_.empty() ? 0 : entries_.back().at.y + row_height;
}

void legend::draw(drawing& on) const
{
    for (const auto& each : entries_) {
        draw_key(on, each.at, each.kind);
        on.text({each.at.x + key_width, each.at.y + 4}, each.words, "key");
    }
}

}  // namespace deadair::report
