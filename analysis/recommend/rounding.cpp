#include "analysis/recommend/rounding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace deadair::recommend {

double whole_seconds(nanoseconds value)
{
    return std::max(1.0, std::floor(to_seconds(value)));
}

double fine_seconds(nanoseconds value)
{
    const double seconds = to_seconds(value);
    return seconds >= 10 ? std::floor(seconds) : std::floor(seconds * 10) / 10;
}

std::string seconds_text(nanoseconds value)
{
    return fmt::format("{:g} s", fine_seconds(value));
}

}  // namespace deadair::recommend
