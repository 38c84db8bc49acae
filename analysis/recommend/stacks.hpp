#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/recommend/recommend.hpp"

namespace deadair::recommend {

/// Software that settings can be written for.
struct stack_name {
    std::string_view name;   ///< what `recommend --for` takes, for example "python-requests"
    std::string_view title;  ///< for people
};

/// Every stack there is a text for, ordered by name.
std::vector<stack_name> stacks();

/// The names alone, for `nearest` and `did_you_mean`.
std::vector<std::string_view> stack_names();

/// The settings as that stack takes them, ready to paste: its syntax and its units. A setting
/// without a value is left out, and a comment says why. Intervals are rounded down, deadlines
/// up, and never to 0, which often means "off". What a stack cannot do is said in a comment.
/// @return nullopt for an unknown stack.
std::optional<std::string> settings_text(std::string_view stack,
                                         std::span<const recommendation> settings);

}  // namespace deadair::recommend
