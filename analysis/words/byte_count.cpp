#include "analysis/words/byte_count.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace deadair {

std::optional<std::uint64_t> parse_byte_count(std::string_view text)
{
    struct unit {
        std::string_view name;
        double bytes;
    };
    constexpr std::array<unit, 8> units{{{"", 1},
                                         {"B", 1},
                                         {"kB", 1e3},
                                         {"KB", 1e3},
                                         {"MB", 1e6},
                                         {"GB", 1e9},
                                         {"MiB", 1 << 20},
                                         {"KiB", 1 << 10}}};
    constexpr double largest = 1e12;
    double value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    const std::string_view rest{stopped, static_cast<std::size_t>(end - stopped)};
    const auto* const found = std::ranges::find(units, rest, &unit::name);
    const double bytes = found != units.end() ? value * found->bytes : 0;
    if (error != std::errc{} || !(bytes >= 1 && bytes <= largest))
        return std::nullopt;
    return static_cast<std::uint64_t>(bytes);
}

std::string format_byte_count(double bytes)
{
    if (bytes >= 1e9)
        return fmt::format("{:.3g} GB", bytes / 1e9);
    if (bytes >= 1e6)
        return fmt::format("{:.3g} MB", bytes / 1e6);
    if (bytes >= 1e3)
        return fmt::format("{:.3g} kB", bytes / 1e3);
    return fmt::format("{:.0f} B", bytes);
}

}  // namespace deadair
