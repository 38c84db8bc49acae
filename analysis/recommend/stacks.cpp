#include "analysis/recommend/stacks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "analysis/recommend/embedded.hpp"
#include "analysis/recommend/stack_template.hpp"

namespace deadair::recommend {
namespace {

/// Column at which our comments are wrapped.
constexpr std::size_t comment_width = 92;

constexpr std::string_view not_worked_out = "not worked out for this run";

/// Settings that are deadlines: shortening them causes false alarms, so they are rounded up.
/// All others say how long to wait before doing something in time: rounded down.
constexpr std::array<std::string_view, 5> deadlines{"tcp_user_timeout", "websocket_pong_timeout",
                                                    "write_timeout", "retry_backoff_initial",
                                                    "retry_backoff_max"};

/// Greedy word wrap, each line after `prefix`.
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

std::string_view indentation(std::string_view line)
{
    return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

/// Writes one stack's text.
class writer {
public:
    writer(const stack_template& stack, std::span<const recommendation> settings)
        : stack_(stack), settings_(settings)
    {
    }

    std::string write()
    {
        for (const auto& line : stack_.lines)
            write_line(line);
        return header() + body_;
    }

private:
    const recommendation* find(std::string_view setting) const
    {
        const auto at = std::ranges::find(settings_, setting, &recommendation::setting);
        return at == settings_.end() ? nullptr : &*at;
    }

    void comment(std::string_view indent, const std::string& text)
    {
        body_ += wrapped(std::string(indent) + std::string(stack_.comment), text);
    }

    /// True when every setting has a value; else says once, in a comment, which have none.
    bool all_given(std::string_view indent, std::span<const std::string_view> wanted)
    {
        std::string missing;
        std::string_view why;
        bool given = true;
        for (const auto setting : wanted) {
            const auto* found = find(setting);
            if (found && found->value) {
                used_.insert(found->setting);
                continue;
            }
            given = false;
            if (!explained_.insert(setting).second)
                continue;
            const std::string_view reason = found ? found->reason : not_worked_out;
            if (!missing.empty() && reason != why)
                say_left_out(indent, std::exchange(missing, {}), why);
            missing += (missing.empty() ? "" : ", ") + std::string(setting);
            why = reason;
        }
        if (!missing.empty())
            say_left_out(indent, missing, why);
        return given;
    }

    void say_left_out(std::string_view indent, const std::string& names, std::string_view why)
    {
        comment(indent, "left out: " + names + ": " + std::string(why));
    }

    void write_line(const template_line& line)
    {
        const auto indent = indentation(line.text);
        if (skipping_ && !line.ends_block)
            return;
        skipping_ = false;
        if (line.ends_block)
            return;
        if (!line.needs.empty()) {
            skipping_ = !all_given(indent, line.needs);
            return;
        }
        if (!all_given(indent, line.settings()))
            return;
        std::string filled;
        for (const auto& part : line.parts)
            filled += part.setting.empty() ? std::string(part.literal) : number(indent, part);
        body_ += filled + '\n';
    }

    /// The value in the placeholder's unit, within what the stack takes.
    std::string number(std::string_view indent, const template_part& part)
    {
        const double wanted = *find(part.setting)->value * part.per_unit;
        const bool up = std::ranges::find(deadlines, part.setting) != deadlines.end();
        // A millionth of tolerance, so that 30.000000001 s does not become 31 s.
        auto value =
            static_cast<long long>(up ? std::ceil(wanted - 1e-6) : std::floor(wanted + 1e-6));
        if (value < part.least) {
            value = part.least;
            if (!up)
                comment(indent, std::string(part.setting) + " should be shorter, but " +
                                    std::to_string(part.least) + std::string(part.unit) +
                                    " is the least possible here: the binding may be gone before");
        }
        return std::to_string(std::min(value, part.most));
    }

    std::string header() const
    {
        const std::string_view prefix = stack_.comment;
        std::string text =
            wrapped(prefix, std::string(stack_.title) + ", settings by deadair-analysis");
        text += wrapped(prefix, "sources: " + std::string(stack_.source));
        std::string doubtful;
        for (const auto& setting : used_)
            if (find(setting)->low_confidence)
                doubtful += (doubtful.empty() ? "" : ", ") + std::string(setting);
        if (!doubtful.empty())
            text += wrapped(prefix, "low confidence, measure longer: " + doubtful);
        return text;
    }

    const stack_template& stack_;
    std::span<const recommendation> settings_;
    std::string body_;
    bool skipping_{};
    std::set<std::string_view> explained_;
    std::set<std::string_view> used_;
};

}  // namespace

std::vector<stack_name> stacks()
{
    std::vector<stack_name> result;
    for (const auto& file : embedded_stacks())
        result.push_back({file.name, parse_stack_template(file.text).title});
    return result;
}

std::vector<std::string_view> stack_names()
{
    std::vector<std::string_view> result;
    for (const auto& file : embedded_stacks())
        result.push_back(file.name);
    return result;
}

std::optional<std::string> settings_text(std::string_view stack,
                                         std::span<const recommendation> settings)
{
    const auto files = embedded_stacks();
    const auto found = std::ranges::find(files, stack, &embedded_file::name);
    if (found == files.end())
        return std::nullopt;
    const auto parsed = parse_stack_template(found->text);
    return writer(parsed, settings).write();
}

}  // namespace deadair::recommend
