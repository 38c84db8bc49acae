#include "analysis/words/duration.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace deadair {

namespace {

constexpr double ten_years_s = 10 * 365.25 * 86'400;

// Takes the unit off the front; 0 if there is none. `ms` comes before `m`.
double take_unit(std::string_view& text)
{
    struct unit {
        std::string_view name;
        double seconds;
    };
    constexpr unit units[] = {{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}};
    for (const auto& each : units)
        if (text.starts_with(each.name)) {
            text.remove_prefix(each.name.size());
            return each.seconds;
        }
    return 0;
}

// "12.3 s": as many digits as tell something, no trailing zeros.
std::string number(double value)
{
    const int decimals = value >= 100 ? 1 : value >= 10 ? 2 : 3;
    auto text = fmt::format("{:.{}f}", value, decimals);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

struct unit_name {
    double seconds;
    const char* name;
};

// The larger unit, and what is left in the next smaller one: "2 h 4 min".
std::string two_units(double seconds, unit_name large, unit_name small)
{
    auto larges = std::floor(seconds / large.seconds);
    auto smalls = std::round((seconds - larges * large.seconds) / small.seconds);
    if (smalls * small.seconds >= large.seconds) {
        smalls = 0;
        larges += 1;
    }
    auto text = fmt::format("{:.0f} {}", larges, large.name);
    if (smalls > 0)
        text += fmt::format(" {:.0f} {}", smalls, small.name);
    return text;
}

}  // namespace

std::optional<nanoseconds> parse_duration(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    double total_s = 0;
    while (!text.empty()) {
        double value = 0;
        const auto* const end = text.data() + text.size();
        const auto [stopped, error] =
            std::from_chars(text.data(), end, value, std::chars_format::fixed);
        if (error != std::errc{} || std::signbit(value))
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
        const double unit = take_unit(text);
        if (unit == 0)
            return std::nullopt;
        total_s += value * unit;
        if (!(total_s <= ten_years_s))
            return std::nullopt;
    }
    return from_seconds(total_s);
}

std::string format_duration(nanoseconds value)
{
    const double seconds = to_seconds(value);
    if (seconds < 0)
        return "-" + format_duration(-value);
    if (seconds == 0)
        return "0 s";
    if (seconds < 1)
        return number(seconds * 1e3) + " ms";
    if (seconds < 600)
        return number(seconds) + " s";
    if (std::round(seconds) < 3600)
        return two_units(seconds, {60, "min"}, {1, "s"});
    if (std::round(seconds / 60) < 1440)
        return two_units(seconds, {3600, "h"}, {60, "min"});
    return two_units(seconds, {86'400, "d"}, {3600, "h"});
}

}  // namespace deadair
