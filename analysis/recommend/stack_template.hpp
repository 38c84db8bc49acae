#pragma once

#include <limits>
#include <string_view>
#include <vector>

namespace deadair::recommend {

/// A stretch of a template line: literal text, or a placeholder for a setting.
///
/// A placeholder is a setting's name with its unit and what the stack takes at least and at
/// most: `{tcp_keepalive_count}`, `{idle_reconnect_ms}`, `{tcp_keepalive_idle_s:1-32767}`.
/// Units are `_s`, `_ms` and `_min`; counts have none. Other braces are literal.
struct template_part {
    std::string_view literal{};
    std::string_view setting{};  ///< empty for literal text
    double per_unit{1};          ///< how many of the placeholder's unit make one second
    std::string_view unit{};     ///< " s", " ms", " min" or ""
    long long least{1};
    long long most{std::numeric_limits<int>::max()};
};

struct template_line {
    std::string_view text{};
    std::vector<template_part> parts{};
    std::vector<std::string_view> needs{};  ///< of an `@if`: the block up to `@end` needs these
    bool ends_block{};

    std::vector<std::string_view> settings() const;
};

/// One file of data/stacks: `title:`, `comment:` and `source:` lines, `---`, then the text.
struct stack_template {
    std::string_view title;
    std::string_view comment;  ///< how a comment line starts there
    std::string_view source;   ///< where the names and their meaning are documented
    std::vector<template_line> lines;
};

/// Every setting that a placeholder may name (design.md, table `recommendations`).
bool is_setting(std::string_view name);

/// The result points into `text`. Throws std::logic_error when the file is not as described:
/// the files are part of the program, and a test reads each of them.
stack_template parse_stack_template(std::string_view text);

}  // namespace deadair::recommend
