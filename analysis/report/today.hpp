#pragma once

#include <chrono>

namespace deadair::report {

/// By this host's clock, for the age of what was read of products.
inline std::chrono::year_month this_month()
{
    const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const std::chrono::year_month_day today{days};
    return today.year() / today.month();
}

}  // namespace deadair::report
