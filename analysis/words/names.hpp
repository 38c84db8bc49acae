#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

/// Enumerators and their words: `names` holds a word for each, in the order of the enumerators.
namespace deadair {

template <class Enum, std::size_t N>
constexpr std::string_view name_of(Enum value, const std::array<std::string_view, N>& names)
{
    return names.at(static_cast<std::size_t>(value));
}

/// nullopt for a word that is not among them.
template <class Enum, std::size_t N>
constexpr std::optional<Enum> value_of(std::string_view text,
                                       const std::array<std::string_view, N>& names)
{
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == text)
            return static_cast<Enum>(i);
    return std::nullopt;
}

}  // namespace deadair
