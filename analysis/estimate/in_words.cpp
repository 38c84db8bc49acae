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

// Whether minutes and hours, and the usual digits of seconds, say all that the step tells.
bool said_in_full(double seconds, double step)
{
    const auto whole = [&](double unit) {
        return std::abs(seconds - std::round(seconds / unit) * unit) < std::min(step / 10, 1e-3);
    };
    if (seconds < 600)
        return step >= (seconds < 10 ? 1e-3 : seconds < 100 ? 0.01 : 0.1);
    return whole(seconds < 3600 ? 1 : seconds < 86400 ? 60 : 3600);
}

std::string seconds_to_the_step(double seconds, double step)
{
    const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step))));
    auto text = fmt::format("{:.{}f}", seconds, decimals);
    if (decimals > 0)
        text.erase(text.find_last_not_of('0') + 1);
    return (text.ends_with('.') ? text.substr(0, text.size() - 1) : text) + " s";
}

// A moment of a finding, on the step that the finding's width gives sense to.
struct on_step {
    double seconds;
    double step;  // 0: there is none, all digits tell something

    bool in_full() const { return step == 0 || said_in_full(seconds, step); }
    std::string text(bool full) const
    {
        return full ? format_duration(from_seconds(seconds)) : seconds_to_the_step(seconds, step);
    }
};

on_step rounded(nanoseconds value, const finding& to, toward where)
{
    double step = step_of(to);
    if (step == 0)
        return {to_seconds(value), 0};
    // Whole minutes and hours, where those are what is said.
    const double unit = value >= 24h ? 3600 : value >= 1h ? 60 : 1;
    if (step > unit)
        step = std::floor(step / unit) * unit;
    // A millionth of tolerance, so that 45.000000001 s is 45 s.
    const double steps = to_seconds(value) / step;
    const double kept = where == toward::below   ? std::floor(steps + 1e-6)
                        : where == toward::above ? std::ceil(steps - 1e-6)
                                                 : std::round(steps);
    return {kept * step, step};
}

}  // namespace

std::string interval_in_words(const finding& one)
{
    if (one.low && one.high) {
        const auto low = rounded(*one.low, one, toward::below);
        const auto high = rounded(*one.high, one, toward::above);
        // Both ends in one unit: "3593 s to 3608 s", not "59 min 53 s to 3608 s".
        const bool full = low.in_full() && high.in_full();
        return low.text(full) + " to " + high.text(full);
    }
    if (one.low)
        return "over " + format_duration(*one.low);
    return one.high ? "below " + format_duration(*one.high) : "unknown";
}

std::string value_in_words(const finding& one)
{
    if (one.kind == finding_kind::spread && one.high)
        return interval_in_words(one);
    const auto value = rounded(one.idle_timeout.value_or(*one.low), one, toward::nearest);
    return value.text(value.in_full());
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
