#include <fmt/format.h>

#include <algorithm>

#include "analysis/estimate/in_words.hpp"
#include "analysis/report/hops.hpp"
#include "analysis/report/limits.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/section/sections.hpp"
#include "analysis/report/uploads.hpp"

namespace deadair::report {

namespace {

struct shown_setting {
    recommend::setting_name name{};
    std::string_view words;
};

// Those that most programs have; the table below has them all.
constexpr std::array<shown_setting, 3> shown_settings{
    {{recommend::setting_name::tcp_keepalive_idle, "TCP keepalive after"},
     {recommend::setting_name::websocket_ping_interval, "WebSocket ping every"},
     {recommend::setting_name::idle_reconnect, "Reuse no connection idle for"}}};

void add_settings(const material& from, facts& to)
{
    for (const auto& shown : shown_settings) {
        const auto found =
            std::ranges::find(from.settings, shown.name, &recommend::recommendation::setting);
        if (found != from.settings.end() && found->value)
            to.items.push_back({std::string{shown.words},
                                format_duration(from_seconds(*found->value)),
                                found->low_confidence ? "on thin evidence, or not tried" : ""});
    }
}

facts at_a_glance(const material& from)
{
    facts all;
    if (const auto* const first = shortest(from.findings)) {
        all.items.push_back({"Idle timeout", estimate::value_in_words(*first),
                             estimate::interval_in_words(*first)});
        if (first->after_expiry)
            all.items.push_back(
                {"Connections die", std::string{to_string(*first->after_expiry)}, ""});
    }
    add_settings(from, all);
    return all;
}

std::string what_was_done(const material& from)
{
    const auto voided = std::ranges::count(
        from.probes, outcome::voided, [](const placed_probe& each) { return each.seen.result; });
    return fmt::format(
        "{} probes over {} connections in {}; {} of them void, which means that "
        "nobody can vouch for them, and not counted.",
        from.probes.size(), from.connections.size(), format_duration(from.lasted), voided);
}

void add_cautions(const store::run& of, std::vector<block>& to)
{
    if (of.state == store::run_state::running)
        to.emplace_back(
            caution{"this run has not ended, or was killed; what follows is what it "
                    "wrote down until then."});
    if (of.state == store::run_state::interrupted)
        to.emplace_back(caution{"this run was interrupted; its intervals are wider."});
    if (of.intercepted)
        to.emplace_back(
            caution{"something on the path opens TLS, and that was allowed: the connections to "
                    "the server are not the client's own."});
    if (of.note && !of.note->empty())
        to.emplace_back(caution{*of.note});
}

std::string answer_of(const material& from)
{
    if (from.findings.empty() && !from.uploads.empty()) {
        std::vector<store::upload> uploads;
        for (const auto& each : from.uploads)
            uploads.push_back(each.what);
        return uploads_answer(uploads);
    }
    if (from.findings.empty() && from.hops.verdict)
        return hops_answer(from.hops);
    if (from.findings.empty() && !from.evidence.empty())
        return "Evidence was gathered; no timeout was measured.";
    return answer(from.findings, from.open);
}

}  // namespace

std::optional<section> answer_section(const material& from)
{
    section all{.id = "answer", .title = "", .blocks = {}};
    all.blocks.emplace_back(lead{answer_of(from)});
    if (const auto limits = limits_in_words(from.limits); !limits.empty())
        all.blocks.emplace_back(paragraph{limits});
    add_cautions(from.run, all.blocks);
    if (auto glance = at_a_glance(from); !glance.items.empty())
        all.blocks.emplace_back(std::move(glance));
    if (!from.probes.empty())
        all.blocks.emplace_back(paragraph{what_was_done(from)});
    return all;
}

}  // namespace deadair::report
