#include "analysis/report/section/sections.hpp"

#include <fmt/format.h>

#include <array>

#include "deadair/version.hpp"

namespace deadair::report {

namespace {

using part = std::optional<section> (*)(const material&);

constexpr std::array<part, 15> parts{
    answer_section,   ages_section,  refreshes_section,   hops_section,   settings_section,
    verified_section, watch_section, middleboxes_section, deaths_section, timeline_section,
    uploads_section,  path_section,  evidence_section,    method_section, numbers_section};

std::string title_of(const store::run& of)
{
    if (of.command == "uploads")
        return "How uploads and downloads fare";
    if (of.command == "verify")
        return "Whether the settings keep connections alive";
    if (of.command == "watch")
        return "What the watch noticed";
    if (of.command == "hops")
        return "Which box on the path forgets";
    return of.command == "evidence" ? "What this host and the path look like"
                                    : "How long silence may last";
}

std::string subtitle(const store::run& of)
{
    auto text =
        fmt::format("{} to {}, {}", of.client_host, of.server_endpoint, for_people(of.started_at));
    if (!of.label.empty())
        text += fmt::format(", \"{}\"", of.label);
    return text;
}

}  // namespace

document run_report(const material& from)
{
    document all{
        .title = title_of(from.run),
        .subtitle = subtitle(from.run),
        .sections = {},
        .footer = fmt::format("Written by deadair-analysis {} from run {} ({}), measured "
                              "by deadair-prober {}.",
                              version, from.run.id, from.run.uuid, from.run.program_version)};
    for (const auto& each : parts)
        if (auto made = each(from))
            all.sections.push_back(std::move(*made));
    return all;
}

}  // namespace deadair::report
