#include "analysis/estimate/in_words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace deadair::estimate {

namespace {

// To the power of ten below the interval's width.
std::string rounded(nanoseconds value, const finding& to)
{
    const double width = to.low && to.high ? to_seconds(*to.high - *to.low) : 0;
    if (width < 1e-3)
        return format_duration(value);
    const double step = std::pow(10, std::floor(std::log10(width)));
    return format_duration(from_seconds(std::round(to_seconds(value) / step) * step));
}

}  // namespace

std::string interval_in_words(const finding& one)
{
    if (one.low && one.high)
        return rounded(*one.low, one) + " to " + rounded(*one.high, one);
    if (one.low)
        return "over " + format_duration(*one.low);
    return one.high ? "below " + format_duration(*one.high) : "unknown";
}

std::string value_in_words(const finding& one)
{
    if (one.kind == finding_kind::spread && one.high)
        return interval_in_words(one);
    return rounded(one.idle_timeout.value_or(*one.low), one);
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
