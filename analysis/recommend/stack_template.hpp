#pragma once

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/recommend/role.hpp"
#include "analysis/recommend/setting_name.hpp"

namespace deadair::recommend {

/// A stretch of a template line: literal text, or a placeholder for a setting.
///
/// A placeholder is a setting's name with its unit, what the stack takes at least and at most, and
/// what is never to be exceeded, with the reason: `{tcp_keepalive_count}`, `{idle_reconnect_ms}`,
/// `{tcp_keepalive_idle_s:1-32767}`, `{idle_reconnect_s<5 httpx's own default}`.
/// Units are `_s`, `_ms` and `_min`, whole; `_seconds` keeps tenths below ten; counts have none.
/// Other braces are literal.
struct template_part {
    std::string_view literal{};
    std::optional<setting_name> setting{};  ///< none for literal text
    double per_unit{1};                     ///< how many of the placeholder's unit make one second
    bool tenths{};                          ///< the stack takes fractions
    std::string_view unit{};                ///< " s", " ms", " min" or ""
    long long least{1};
    long long most{std::numeric_limits<int>::max()};
    long long cap{std::numeric_limits<int>::max()};  ///< the smaller of it and the value is set
    std::string_view cap_reason{};                   ///< empty: there is no cap
};

struct template_line {
    std::string_view text{};
    std::vector<template_part> parts{};
    std::vector<setting_name> needs{};  ///< of an `@if`: the block up to `@end` needs these
    std::vector<role> roles{};          ///< of an `@role`: the block is for these alone
    bool ends_block{};

    std::vector<setting_name> settings() const;
    bool begins_block() const { return !needs.empty() || !roles.empty(); }
};

/// One file of data/stacks: a heading, `---`, then the text. Lines of the heading are `title:`,
/// `comment:`, `source:`, `documented:`, `roles:` and, where another stack's text comes first,
/// `after:`. Blocks from `@if SETTING …` or `@role ROLE …` to `@end` may stand in each other.
struct stack_template {
    std::string_view title;
    std::string_view comment;     ///< how a comment line starts there
    std::string_view source;      ///< where the names and their meaning are documented
    std::string_view documented;  ///< the release whose documentation was read
    std::vector<role> roles;      ///< which it can have; the first where nothing else is known
    std::string_view after;       ///< the stack whose text comes first; empty: none
    std::vector<template_line> lines;
};

/// The result points into `text`. Throws std::logic_error when the file is not as described:
/// the files are part of the program, and a test reads each of them.
stack_template parse_stack_template(std::string_view text);

}  // namespace deadair::recommend
