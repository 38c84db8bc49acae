#include "analysis/recommend/stack_template.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>

namespace deadair::recommend {
namespace {

constexpr std::array<std::string_view, 12> setting_names{
    "tcp_keepalive_idle", "tcp_keepalive_interval",  "tcp_keepalive_count",
    "tcp_user_timeout",   "websocket_ping_interval", "websocket_pong_timeout",
    "idle_reconnect",     "write_timeout",           "health_check_interval",
    "max_connection_age", "retry_backoff_initial",   "retry_backoff_max"};

struct unit_suffix {
    std::string_view suffix;
    double per_second;
    std::string_view spoken;
};
constexpr std::array<unit_suffix, 4> units{
    {{"_s", 1, " s"}, {"_ms", 1000, " ms"}, {"_min", 1.0 / 60, " min"}, {"", 1, ""}}};

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

/// What stands between braces; nullopt when it names no setting and is literal.
std::optional<template_part> parse_placeholder(std::string_view inside)
{
    const std::size_t colon = inside.find(':');
    const std::string_view name = inside.substr(0, colon);
    for (const auto& unit : units) {
        if (!name.ends_with(unit.suffix))
            continue;
        const auto setting = name.substr(0, name.size() - unit.suffix.size());
        if (!is_setting(setting))
            continue;
        template_part part{
            .literal = {}, .setting = setting, .per_unit = unit.per_second, .unit = unit.spoken};
        if (colon != std::string_view::npos) {
            const auto bounds = inside.substr(colon + 1);
            const std::size_t dash = bounds.find('-');
            part.least = parse_bound(bounds.substr(0, dash));
            if (dash != std::string_view::npos)
                part.most = parse_bound(bounds.substr(dash + 1));
        }
        return part;
    }
    return std::nullopt;
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

std::vector<std::string_view> parse_needs(std::string_view names)
{
    std::vector<std::string_view> needs;
    while (!names.empty()) {
        const std::size_t space = names.find(' ');
        needs.push_back(names.substr(0, space));
        if (!is_setting(needs.back()))
            throw std::logic_error("@if names no setting: " + std::string(needs.back()));
        names = space == std::string_view::npos ? std::string_view{} : names.substr(space + 1);
    }
    return needs;
}

template_line parse_line(std::string_view text)
{
    const auto code = text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
    template_line line{.text = text};
    if (code == "@end")
        line.ends_block = true;
    else if (code.starts_with("@if "))
        line.needs = parse_needs(code.substr(4));
    else
        line.parts = parse_parts(text);
    return line;
}

}  // namespace

std::vector<std::string_view> template_line::settings() const
{
    std::vector<std::string_view> result;
    for (const auto& part : parts)
        if (!part.setting.empty())
            result.push_back(part.setting);
    return result;
}

bool is_setting(std::string_view name)
{
    return std::ranges::find(setting_names, name) != setting_names.end();
}

stack_template parse_stack_template(std::string_view text)
{
    stack_template result;
    const auto field = [&](std::string_view name) {
        const std::string_view line = take_line(text);
        if (!line.starts_with(name) || line.size() <= name.size())
            throw std::logic_error("a stack file lacks " + std::string(name));
        return line.substr(name.size());
    };
    result.title = field("title: ");
    result.comment = field("comment: ");
    result.source = field("source: ");
    if (take_line(text) != "---")
        throw std::logic_error("a stack file lacks ---");
    while (!text.empty())
        result.lines.push_back(parse_line(take_line(text)));
    return result;
}

}  // namespace deadair::recommend
