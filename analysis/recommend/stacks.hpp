#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/recommend/recommend.hpp"
#include "analysis/recommend/role.hpp"

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

/// Which side the software is on.
struct side {
    std::optional<role> told;  ///< --role
    bool ends_tcp{};  ///< the run saw connections end in order: something speaks TCP itself
};

/// The settings as that stack takes them, ready to paste: its syntax and its units. A setting
/// without a value, or below what the stack takes, is left out, and a comment says why. Intervals
/// are rounded down, deadlines up, and never to 0, which often means "off"; none is longer than
/// the stack's own default or the other end's known limit. What a stack cannot do is said in a
/// comment, and so is whether the text is proven (data/proofs.txt).
/// @return nullopt for an unknown stack.
std::optional<std::string> settings_text(std::string_view stack,
                                         std::span<const recommendation> settings,
                                         const side& on = {});

/// Why that text is of no use, in one sentence with what is: the stack cannot have that role, or
/// nothing that it takes is short enough. nullopt when it is of use, or the stack is unknown.
std::optional<std::string> refuse(std::string_view stack, std::span<const recommendation> settings,
                                  const side& on);

}  // namespace deadair::recommend
