#include <array>

#include "analysis/estimate/estimate.hpp"

namespace deadair::estimate {

namespace {

constexpr std::array<std::string_view, 6> kind_names{"timeout", "spread",       "mixture",
                                                     "none",    "inconclusive", "absolute_age"};
constexpr std::array<std::string_view, 5> expiry_names{"silent", "reset", "closed", "late",
                                                       "mixed"};

template <class Enum, std::size_t N>
std::optional<Enum> value_of(std::string_view text, const std::array<std::string_view, N>& names)
{
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == text)
            return static_cast<Enum>(i);
    return std::nullopt;
}

}  // namespace

std::string_view to_string(finding_kind value)
{
    return kind_names.at(static_cast<std::size_t>(value));
}

std::string_view to_string(expiry value)
{
    return expiry_names.at(static_cast<std::size_t>(value));
}

std::optional<finding_kind> parse_finding_kind(std::string_view text)
{
    return value_of<finding_kind>(text, kind_names);
}

std::optional<expiry> parse_expiry(std::string_view text)
{
    return value_of<expiry>(text, expiry_names);
}

}  // namespace deadair::estimate
