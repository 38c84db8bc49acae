#include "analysis/recommend/stack_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace deadair::recommend {
namespace {

/// Column at which our comments are wrapped.
constexpr std::size_t comment_width = 92;

constexpr std::string_view not_worked_out = "not worked out for this run";

/// Rounding that takes more than this share of a value is said.
constexpr double rounding_worth_a_word = 0.1;

/// Settings that are deadlines: shortening them causes false alarms, so they are rounded up.
/// All others say how long to wait before doing something in time: rounded down.
constexpr std::array<setting_name, 6> deadlines{
    setting_name::tcp_user_timeout,  setting_name::websocket_pong_timeout,
    setting_name::write_timeout,     setting_name::retry_backoff_initial,
    setting_name::retry_backoff_max, setting_name::outlast_idle};

bool is_deadline(setting_name setting)
{
    return std::ranges::find(deadlines, setting) != deadlines.end();
}

std::string_view indentation(std::string_view line)
{
    return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

/// In the placeholder's unit, whole or in tenths. A millionth of tolerance, so that 30.000000001 s
/// is 30 s.
double rounded(double wanted, bool up, bool tenths)
{
    const double steps = tenths && wanted < 10 ? 10 : 1;
    return (up ? std::ceil(wanted * steps - 1e-6) : std::floor(wanted * steps + 1e-6)) / steps;
}

/// 0.1 where fractions are taken.
double least_of(const template_part& part)
{
    return part.tenths && part.least == 1 ? 0.1 : static_cast<double>(part.least);
}

/// The lines from `begin`, which opens a block, up to the line that ends it.
std::span<const template_line> block(std::span<const template_line> lines, std::size_t begin)
{
    int depth = 0;
    for (std::size_t i = begin; i < lines.size(); ++i) {
        depth += lines[i].begins_block() ? 1 : lines[i].ends_block ? -1 : 0;
        if (depth == 0)
            return lines.subspan(begin + 1, i - begin - 1);
    }
    return lines.subspan(begin + 1);
}

std::vector<template_part> parts_of(std::span<const template_line> lines)
{
    std::vector<template_part> all;
    for (const auto& line : lines)
        all.insert(all.end(), line.parts.begin(), line.parts.end());
    return all;
}

}  // namespace

std::string wrapped(std::string_view prefix, std::string_view text)
{
    std::string result;
    std::string line(prefix);
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string_view word = text.substr(0, space);
        text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
        if (line.size() > prefix.size() && line.size() + 1 + word.size() > comment_width) {
            result += line + '\n';
            line = prefix;
        }
        line += ' ';
        line += word;
    }
    return result + line + '\n';
}

const recommendation* stack_writer::find(setting_name setting) const
{
    const auto at = std::ranges::find(settings_, setting, &recommendation::setting);
    return at == settings_.end() ? nullptr : &*at;
}

void stack_writer::comment(std::string_view indent, const std::string& text)
{
    body_ += wrapped(std::string(indent) + std::string(comment_), text);
}

void stack_writer::say_left_out(std::string_view indent, const std::string& names,
                                std::string_view why)
{
    comment(indent, "left out: " + names + ": " + std::string(why));
}

/// Empty when the setting has a value that the stack takes; else why it is left out.
std::string stack_writer::why_not(setting_name setting, std::span<const template_part> parts) const
{
    const auto* found = find(setting);
    if (found == nullptr || !found->value)
        return found ? found->reason : std::string(not_worked_out);
    for (const auto& part : parts)
        if (part.setting == setting && !is_deadline(setting) &&
            rounded(*found->value * part.per_unit, false, part.tenths) < least_of(part))
            return fmt::format(
                "{:.10g}{} at most would keep a connection, and this takes no less "
                "than {}",
                *found->value * part.per_unit, part.unit, part.least);
    return {};
}

/// True when every setting has a value; else says once, in a comment, which have none.
bool stack_writer::all_given(std::string_view indent, std::span<const setting_name> wanted,
                             std::span<const template_part> parts)
{
    std::string missing;
    std::string why;
    bool given = true;
    for (const auto setting : wanted) {
        const auto reason = why_not(setting, parts);
        if (reason.empty())
            continue;
        given = false;
        if (!explained_.insert(setting).second)
            continue;
        left_out_.push_back(setting);
        if (!missing.empty() && reason != why)
            say_left_out(indent, std::exchange(missing, {}), why);
        missing += (missing.empty() ? "" : ", ") + std::string(to_string(setting));
        why = reason;
    }
    if (!missing.empty())
        say_left_out(indent, missing, why);
    return given;
}

bool stack_writer::enters(const template_line& begin, std::span<const template_line> inside)
{
    if (!begin.roles.empty())
        return std::ranges::find(begin.roles, as_) != begin.roles.end();
    return all_given(indentation(begin.text), begin.needs, parts_of(inside));
}

void stack_writer::write(std::span<const template_line> lines)
{
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].begins_block()) {
            fill(lines[i]);
            continue;
        }
        const auto inside = block(lines, i);
        if (enters(lines[i], inside))
            write(inside);
        i += inside.size() + 1;
    }
}

void stack_writer::fill(const template_line& line)
{
    const auto indent = indentation(line.text);
    const auto wanted = line.settings();
    if (!all_given(indent, wanted, line.parts))
        return;
    used_.insert(wanted.begin(), wanted.end());
    std::string filled;
    for (const auto& part : line.parts)
        filled += part.setting ? number(indent, part) : std::string(part.literal);
    body_ += filled + '\n';
}

/// The value in the placeholder's unit, within what the stack takes.
std::string stack_writer::number(std::string_view indent, const template_part& part)
{
    const double wanted = *find(*part.setting)->value * part.per_unit;
    const bool up = is_deadline(*part.setting);
    auto value = std::clamp(rounded(wanted, up, part.tenths), least_of(part),
                            static_cast<double>(part.most));
    std::string remark;
    if (value > static_cast<double>(part.cap)) {
        remark = fmt::format("{}{}: {}, and shorter than the {:.10g}{} that this path allows",
                             part.cap, part.unit, part.cap_reason, wanted, part.unit);
        value = static_cast<double>(part.cap);
    } else if (!up && value < wanted * (1 - rounding_worth_a_word) &&
               value < static_cast<double>(part.most)) {
        remark = fmt::format("{:.10g}{} in whole units is {}", wanted, part.unit, value);
    }
    if (!remark.empty() && remarked_.insert(remark).second)
        comment(indent, remark);
    return fmt::format("{:.10g}", value);
}

}  // namespace deadair::recommend
