#include "analysis/recommend/stack_template.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace deadair::recommend {
namespace {

struct unit_suffix {
    std::string_view suffix;
    double per_second;
    std::string_view spoken;
};
constexpr std::array<unit_suffix, 5> units{{{"_s", 1, " s"},
                                            {"_seconds", 1, " s"},
                                            {"_ms", 1000, " ms"},
                                            {"_min", 1.0 / 60, " min"},
                                            {"", 1, ""}}};

std::string_view take_line(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return line;
}

long long parse_bound(std::string_view digits)
{
    long long value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size())
        throw std::logic_error("not a bound: " + std::string(digits));
    return value;
}

void parse_bounds(std::string_view bounds, template_part& part)
{
    const std::size_t dash = bounds.find('-');
    part.least = parse_bound(bounds.substr(0, dash));
    if (dash != std::string_view::npos)
        part.most = parse_bound(bounds.substr(dash + 1));
}

void parse_cap(std::string_view cap, template_part& part)
{
    const std::size_t space = cap.find(' ');
    if (space == std::string_view::npos)
        throw std::logic_error("a cap without a reason: " + std::string(cap));
    part.cap = parse_bound(cap.substr(0, space));
    part.cap_reason = cap.substr(space + 1);
}

/// "name_unit": nullopt when it names no setting.
std::optional<template_part> parse_setting(std::string_view name)
{
    for (const auto& unit : units) {
        if (!name.ends_with(unit.suffix))
            continue;
        const auto setting = parse_setting_name(name.substr(0, name.size() - unit.suffix.size()));
        if (setting)
            return template_part{.literal = {},
                                 .setting = setting,
                                 .per_unit = unit.per_second,
                                 .tenths = unit.suffix == "_seconds",
                                 .unit = unit.spoken};
    }
    return std::nullopt;
}

/// What stands between braces; nullopt when it names no setting and is literal.
std::optional<template_part> parse_placeholder(std::string_view inside)
{
    const auto cap = inside.find('<');
    const auto bounded = inside.substr(0, cap);
    const auto colon = bounded.find(':');
    auto part = parse_setting(bounded.substr(0, colon));
    if (!part)
        return std::nullopt;
    if (colon != std::string_view::npos)
        parse_bounds(bounded.substr(colon + 1), *part);
    if (cap != std::string_view::npos)
        parse_cap(inside.substr(cap + 1), *part);
    return part;
}

std::vector<template_part> parse_parts(std::string_view line)
{
    std::vector<template_part> parts;
    std::size_t literal_from = 0;
    for (std::size_t open = line.find('{'); open != std::string_view::npos;
         open = line.find('{', open + 1)) {
        const std::size_t close = line.find('}', open);
        if (close == std::string_view::npos)
            break;
        const auto part = parse_placeholder(line.substr(open + 1, close - open - 1));
        if (!part)
            continue;
        parts.push_back({.literal = line.substr(literal_from, open - literal_from)});
        parts.push_back(*part);
        literal_from = close + 1;
    }
    parts.push_back({.literal = line.substr(literal_from)});
    return parts;
}

std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        words.push_back(text.substr(0, space));
        text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
    }
    return words;
}

std::vector<setting_name> parse_needs(std::string_view names)
{
    std::vector<setting_name> needs;
    for (const auto name : words_of(names)) {
        const auto setting = parse_setting_name(name);
        if (!setting)
            throw std::logic_error("@if names no setting: " + std::string(name));
        needs.push_back(*setting);
    }
    return needs;
}

std::vector<role> parse_roles(std::string_view names)
{
    std::vector<role> roles;
    for (const auto name : words_of(names)) {
        const auto one = parse_role(name);
        if (!one)
            throw std::logic_error("not a role: " + std::string(name));
        roles.push_back(*one);
    }
    return roles;
}

template_line parse_line(std::string_view text)
{
    const auto code = text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
    template_line line{.text = text};
    if (code == "@end")
        line.ends_block = true;
    else if (code.starts_with("@if "))
        line.needs = parse_needs(code.substr(4));
    else if (code.starts_with("@role "))
        line.roles = parse_roles(code.substr(6));
    else
        line.parts = parse_parts(text);
    return line;
}

void parse_heading(std::string_view line, stack_template& into)
{
    const std::size_t colon = line.find(": ");
    const auto name = line.substr(0, colon);
    const auto value =
        colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 2);
    if (name == "roles") {
        into.roles = parse_roles(value);
        return;
    }
    const std::array fields{std::pair{"title", &into.title}, std::pair{"comment", &into.comment},
                            std::pair{"source", &into.source},
                            std::pair{"documented", &into.documented},
                            std::pair{"after", &into.after}};
    const auto field =
        std::ranges::find_if(fields, [&](const auto& each) { return name == each.first; });
    if (field == fields.end() || value.empty())
        throw std::logic_error("no line of a stack's heading: " + std::string(line));
    *field->second = value;
}

}  // namespace

std::vector<setting_name> template_line::settings() const
{
    std::vector<setting_name> result;
    for (const auto& part : parts)
        if (part.setting)
            result.push_back(*part.setting);
    return result;
}

stack_template parse_stack_template(std::string_view text)
{
    stack_template result;
    for (auto line = take_line(text); line != "---"; line = take_line(text)) {
        if (text.empty())
            throw std::logic_error("a stack file lacks ---");
        parse_heading(line, result);
    }
    if (result.title.empty() || result.comment.empty() || result.source.empty() ||
        result.documented.empty() || result.roles.empty())
        throw std::logic_error("a stack's heading lacks a line: " + std::string(result.title));
    while (!text.empty())
        result.lines.push_back(parse_line(take_line(text)));
    return result;
}

}  // namespace deadair::recommend
