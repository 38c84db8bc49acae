#include "analysis/recommend/stacks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/recommend/embedded.hpp"
#include "analysis/recommend/proofs.hpp"
#include "analysis/recommend/stack_template.hpp"
#include "analysis/recommend/stack_writer.hpp"
#include "analysis/words/nearest.hpp"

namespace deadair::recommend {
namespace {

/// Of these one at least must be set, or the silence ends the connection.
constexpr std::array<setting_name, 6> against_silence{
    setting_name::tcp_keepalive_idle,    setting_name::websocket_ping_interval,
    setting_name::health_check_interval, setting_name::idle_reconnect,
    setting_name::outlast_idle,          setting_name::heartbeat};

bool is_against_silence(setting_name setting)
{
    return std::ranges::find(against_silence, setting) != against_silence.end();
}

/// A stack with the lines of the one that comes before it.
struct whole_stack {
    std::string_view name;
    stack_template own;
    std::string text;  ///< all that a proof is about
    std::optional<release> of{};
};

/// "go@1.19": the software and, where its text depends on it, the release.
struct asked_stack {
    std::string_view name;
    std::string_view release;  ///< empty: not told
};

asked_stack parse_asked(std::string_view text)
{
    const auto at = text.find('@');
    if (at == std::string_view::npos)
        return {text, {}};
    return {text.substr(0, at), text.substr(at + 1)};
}

std::optional<whole_stack> find_named(std::string_view name)
{
    const auto files = embedded_stacks();
    const auto found = std::ranges::find(files, name, &embedded_file::name);
    if (found == files.end())
        return std::nullopt;
    whole_stack stack{found->name, parse_stack_template(found->text), std::string(found->text)};
    if (stack.own.after.empty())
        return stack;
    const auto before = std::ranges::find(files, stack.own.after, &embedded_file::name);
    auto lines = parse_stack_template(before->text).lines;
    lines.insert(lines.end(), stack.own.lines.begin(), stack.own.lines.end());
    stack.own.lines = std::move(lines);
    stack.text = std::string(before->text) + stack.text;
    return stack;
}

/// The release, where the stack has a text of its own for it.
std::optional<release> known_release(const stack_template& stack, std::string_view text)
{
    auto told = parse_release(text);
    if (!told || !stack.newest || *told < *stack.oldest ||
        (*told > *stack.newest && !stack.newest->covers(*told)))
        return std::nullopt;
    return told;
}

std::optional<whole_stack> find_stack(std::string_view asked)
{
    const auto [name, told] = parse_asked(asked);
    auto stack = find_named(name);
    if (!stack || asked.size() == name.size())
        return stack;
    stack->of = known_release(stack->own, told);
    return stack->of ? stack : std::nullopt;
}

bool has(const stack_template& stack, role wanted)
{
    return std::ranges::find(stack.roles, wanted) != stack.roles.end();
}

/// What the user says; else what the run saw; else what the stack mostly is.
role chosen_role(const stack_template& stack, const side& on)
{
    if (on.told && has(stack, *on.told))
        return *on.told;
    const bool beside = stack.roles.front() == role::client;
    if (on.ends_tcp && !beside)
        for (const auto each : stack.roles)
            if (each == role::proxy || each == role::behind_proxy)
                return each;
    return stack.roles.front();
}

/// The release from which on the last of its forms holds.
release newest_form(const stack_template& stack)
{
    release last = *stack.oldest;
    for (const auto& line : stack.lines)
        for (const auto& bound : {line.from, line.before})
            if (bound && *bound > last)
                last = *bound;
    return last;
}

std::string role_names(std::span<const role> roles, std::optional<role> but = {})
{
    std::string names;
    for (const auto each : roles)
        if (each != but)
            names += (names.empty() ? "" : ", ") + std::string(to_string(each));
    return names;
}

std::string about_role(const stack_template& stack, const side& on, role as)
{
    if (stack.roles.size() == 1)
        return {};
    return fmt::format(
        ", for {}{} (--role takes {} too)", described(as),
        on.ends_tcp && !on.told ? ", because the run saw connections end in order" : "",
        role_names(stack.roles, as));
}

std::string about_release(const whole_stack& stack)
{
    if (stack.of)
        return fmt::format(", for release {}", to_string(*stack.of));
    if (!stack.own.newest)
        return {};
    return fmt::format(", for release {} and later, older ones in comments (--for {}@RELEASE)",
                       to_string(newest_form(stack.own)), stack.name);
}

std::string about_proof(const whole_stack& stack)
{
    const auto found = proof_of(stack.name);
    if (!found)
        return fmt::format("from the documentation of {}, not proven", stack.own.documented);
    if (found->text != fingerprint(stack.text))
        return fmt::format("from the documentation of {}; an earlier text was proven with {} on {}",
                           stack.own.documented, found->versions, found->date);
    auto text = fmt::format("proven with {} on {}: {}", found->versions, found->date, found->shown);
    if (!found->open.empty())
        text += fmt::format("; not proven: {}", found->open);
    return text;
}

std::string header(const whole_stack& stack, const side& on, role as,
                   std::span<const recommendation> settings, const stack_writer& written)
{
    const auto prefix = stack.own.comment;
    auto text = wrapped(prefix, fmt::format("{}, settings by deadair-analysis{}{}", stack.own.title,
                                            about_role(stack.own, on, as), about_release(stack)));
    text += wrapped(prefix, about_proof(stack));
    text += wrapped(prefix, fmt::format("sources: {}", stack.own.source));
    std::string doubtful;
    for (const auto& each : settings)
        if (each.low_confidence && written.used().contains(each.setting))
            doubtful += (doubtful.empty() ? "" : ", ") + std::string(to_string(each.setting));
    if (!doubtful.empty())
        text += wrapped(prefix, "low confidence, or not tried; measure first: " + doubtful);
    return text;
}

/// What keeps a connection on this path, whatever the software.
std::string what_works(std::span<const recommendation> settings)
{
    const auto given = [&](setting_name setting) {
        const auto at = std::ranges::find(settings, setting, &recommendation::setting);
        return at != settings.end() && at->value;
    };
    if (given(setting_name::tcp_keepalive_idle))
        return "TCP keepalive does (--for linux-sysctl, or linux-socket in the program itself)";
    if (given(setting_name::websocket_ping_interval))
        return "pings of the application do, as often as websocket_ping_interval says";
    return "no connection lives through such a silence: open a new one for each message";
}

/// What stacks take that have no pong timeout of its own: how many pings may be unanswered, and the
/// length of a heartbeat of which each end sends one every half.
void add_derived(std::vector<recommendation>& settings)
{
    const auto find = [&](setting_name setting) {
        return std::ranges::find(settings, setting, &recommendation::setting);
    };
    const auto ping = find(setting_name::websocket_ping_interval);
    const auto pong = find(setting_name::websocket_pong_timeout);
    if (ping == settings.end() || pong == settings.end())
        return;
    recommendation count{setting_name::ping_count, {}, "count", ping->low_confidence, ping->reason};
    recommendation beat{setting_name::heartbeat, {}, "s", ping->low_confidence, ping->reason};
    if (ping->value && pong->value) {
        constexpr double least_count = 3;
        count.value = std::max(least_count,
                               std::ceil(*pong->value / std::max(1.0, std::floor(*ping->value))));
        if (2 * *ping->value >= *pong->value)
            beat.value = 2 * *ping->value;
        else
            beat.reason = fmt::format(
                "{:g} s at most would keep a connection, and an outage of 10 s "
                "would end one whose heartbeat is so short",
                2 * *ping->value);
    }
    settings.push_back(std::move(count));
    settings.push_back(std::move(beat));
}

std::vector<recommendation> with_derived(std::span<const recommendation> settings)
{
    std::vector<recommendation> all(settings.begin(), settings.end());
    add_derived(all);
    return all;
}

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

std::optional<std::string> unknown_stack(std::string_view asked)
{
    const auto [name, told] = parse_asked(asked);
    const auto stack = find_named(name);
    if (!stack)
        return fmt::format("--for knows no stack '{}'{}; --for list shows all", name,
                           did_you_mean(name, stack_names()));
    if (asked.size() == name.size() || known_release(stack->own, told))
        return std::nullopt;
    if (!stack->own.newest)
        return fmt::format("the text for {} is one for all releases; leave out @{}", name, told);
    return fmt::format("--for knows {} from {}@{} to {}@{}, not '{}'", stack->own.title, name,
                       to_string(*stack->own.oldest), name, to_string(*stack->own.newest), told);
}

std::optional<std::string> settings_text(std::string_view stack,
                                         std::span<const recommendation> settings, const side& on)
{
    const auto found = find_stack(stack);
    if (!found)
        return std::nullopt;
    const auto as = chosen_role(found->own, on);
    const auto all = with_derived(settings);
    stack_writer writer{found->own.comment, all, {as, found->of}};
    writer.write(found->own.lines);
    return header(*found, on, as, all, writer) + writer.text();
}

std::optional<std::string> refuse(std::string_view stack, std::span<const recommendation> settings,
                                  const side& on)
{
    const auto found = find_stack(stack);
    if (!found)
        return std::nullopt;
    if (on.told && !has(found->own, *on.told))
        return fmt::format("{} cannot be {}; --role takes {} here", found->own.title,
                           described(*on.told), role_names(found->own.roles));
    const auto all = with_derived(settings);
    stack_writer writer{found->own.comment, all, {chosen_role(found->own, on), found->of}};
    writer.write(found->own.lines);
    const bool something = std::ranges::any_of(settings, [](const recommendation& each) {
        return each.value && is_against_silence(each.setting);
    });
    if (!something || std::ranges::any_of(writer.used(), is_against_silence) ||
        std::ranges::none_of(writer.left_out(), is_against_silence))
        return std::nullopt;
    return fmt::format(
        "nothing that {} takes keeps a connection through the silence on this path; {}",
        found->own.title, what_works(settings));
}

}  // namespace deadair::recommend
