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

/// The names alone.
std::vector<std::string_view> stack_names();

/// Why `--for` takes no such stack, or no such release of it, in one sentence with what it takes.
/// nullopt when it does.
/// @param asked  a name, or name and release: "go@1.19"
std::optional<std::string> unknown_stack(std::string_view asked);

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
/// @param stack  a name, or name and release
/// @return nullopt for an unknown stack or release.
std::optional<std::string> settings_text(std::string_view stack,
                                         std::span<const recommendation> settings,
                                         const side& on = {});

/// Why that text is of no use, in one sentence with what is: the stack cannot have that role, or
/// nothing that it takes is short enough. nullopt when it is of use, or the stack is unknown.
std::optional<std::string> refuse(std::string_view stack, std::span<const recommendation> settings,
                                  const side& on);

}  // namespace deadair::recommend
