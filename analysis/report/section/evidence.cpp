// What this host and the path looked like: what stands out, and of evidence that was asked for all.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

using store::evidence;
using store::evidence_moment;

// What does not change by itself while a run goes on.
constexpr std::array<std::string_view, 4> lasting{"addresses", "routes", "path-mtu", "conntrack"};

// At the start and the end of a run much is said twice: once is enough.
bullets what_stands_out(const material& from)
{
    bullets all;
    std::set<std::string> said;
    const auto say = [&](std::string text) {
        if (said.insert(text).second)
            all.items.push_back(std::move(text));
    };
    for (const auto& each : from.evidence) {
        if (!each.available)
            say(fmt::format("{} could not be gathered: {}", each.part, each.detail));
        for (const auto& sentence : each.stands_out)
            say(fmt::format("{}: {}", each.part, sentence));
    }
    return all;
}

const evidence* find(const material& from, std::string_view part, evidence_moment moment)
{
    const auto found = std::ranges::find_if(from.evidence, [&](const evidence& each) {
        return each.part == part && each.moment == moment;
    });
    return found == from.evidence.end() ? nullptr : &*found;
}

void add_changes(const material& from, bullets& to)
{
    for (const auto part : lasting) {
        const auto* const before = find(from, part, evidence_moment::start);
        const auto* const after = find(from, part, evidence_moment::end);
        if (before != nullptr && after != nullptr && before->detail != after->detail)
            to.items.push_back(fmt::format("{}: not the same at the end as at the start", part));
    }
}

std::string how_much(const material& from)
{
    const auto count = [&](evidence_moment moment) {
        return std::ranges::count(from.evidence, moment, &evidence::moment);
    };
    if (const auto asked = count(evidence_moment::asked); asked > 0)
        return fmt::format("{} parts were gathered.", asked);
    return fmt::format(
        "{} parts were gathered at the start of the run, and {} at its end: this host's "
        "connections, counters, devices, routes and neighbours, and a look at the path.",
        count(evidence_moment::start), count(evidence_moment::end));
}

}  // namespace

std::optional<section> evidence_section(const material& from)
{
    if (from.evidence.empty())
        return std::nullopt;
    section all{.id = "evidence", .title = "Evidence", .blocks = {}};
    auto notes = what_stands_out(from);
    add_changes(from, notes);
    all.blocks.emplace_back(paragraph{
        how_much(from) + (notes.items.empty() ? " Nothing stands out." : " What stands out:")});
    if (!notes.items.empty())
        all.blocks.emplace_back(std::move(notes));
    all.blocks.emplace_back(code{
        fmt::format("sqlite3 FILE 'SELECT moment, part, detail FROM evidence WHERE run_id = {}'",
                    from.run.id)});
    for (const auto& each : from.evidence)
        if (each.moment == evidence_moment::asked && each.part != "README") {
            all.blocks.emplace_back(paragraph{each.part});
            all.blocks.emplace_back(code{each.detail});
        }
    return all;
}

}  // namespace deadair::report
