#include "analysis/estimate/in_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace deadair::estimate {

namespace {

using namespace std::chrono_literals;

enum class toward : std::uint8_t { nearest, below, above };

// What an end may move by: at most a tenth of the interval's width.
double step_of(const finding& to)
{
    const double width = to.low && to.high ? to_seconds(*to.high - *to.low) : 0;
    return width < 1e-3 ? 0 : std::pow(10, std::floor(std::log10(width)) - 1);
}

// Minutes and hours where they say all that the step tells, else seconds with its digits.
std::string to_the_step(double seconds, double step)
{
    const auto whole = [&](double unit) {
        return std::abs(seconds - std::round(seconds / unit) * unit) < std::min(step / 10, 1e-3);
    };
    const bool said_in_full = seconds < 600     ? step >= (seconds < 10    ? 1e-3
                                                           : seconds < 100 ? 0.01
                                                                           : 0.1)
                              : seconds < 3600  ? whole(1)
                              : seconds < 86400 ? whole(60)
                                                : whole(3600);
    if (said_in_full)
        return format_duration(from_seconds(seconds));
    const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step))));
    auto text = fmt::format("{:.{}f}", seconds, decimals);
    if (decimals > 0)
        text.erase(text.find_last_not_of('0') + 1);
    return (text.ends_with('.') ? text.substr(0, text.size() - 1) : text) + " s";
}

std::string rounded(nanoseconds value, const finding& to, toward where)
{
    double step = step_of(to);
    if (step == 0)
        return format_duration(value);
    // Whole minutes and hours, where those are what is said.
    const double unit = value >= 24h ? 3600 : value >= 1h ? 60 : 1;
    if (step > unit)
        step = std::floor(step / unit) * unit;
    // A millionth of tolerance, so that 45.000000001 s is 45 s.
    const double steps = to_seconds(value) / step;
    const double kept = where == toward::below   ? std::floor(steps + 1e-6)
                        : where == toward::above ? std::ceil(steps - 1e-6)
                                                 : std::round(steps);
    return to_the_step(kept * step, step);
}

}  // namespace

std::string interval_in_words(const finding& one)
{
    if (one.low && one.high)
        return rounded(*one.low, one, toward::below) + " to " +
               rounded(*one.high, one, toward::above);
    if (one.low)
        return "over " + format_duration(*one.low);
    return one.high ? "below " + format_duration(*one.high) : "unknown";
}

std::string value_in_words(const finding& one)
{
    if (one.kind == finding_kind::spread && one.high)
        return interval_in_words(one);
    return rounded(one.idle_timeout.value_or(*one.low), one, toward::nearest);
}

std::string in_words(const finding& one)
{
    if (!one.low || one.kind == finding_kind::inconclusive)
        return "inconclusive";
    if (one.kind == finding_kind::none)
        return "nothing expired up to " + format_duration(*one.low);
    auto text = one.kind == finding_kind::spread ? "anywhere within " + value_in_words(one)
                                                 : value_in_words(one);
    if (one.kind != finding_kind::spread && one.high)
        text += fmt::format(" ({})", interval_in_words(one));
    if (one.after_expiry)
        text += fmt::format(", {}", to_string(*one.after_expiry));
    return text;
}

}  // namespace deadair::estimate
