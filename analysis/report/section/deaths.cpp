#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

constexpr std::array ways_to_die{outcome::lost, outcome::reset, outcome::closed, outcome::late};

bool is_a_death(outcome result)
{
    return std::ranges::find(ways_to_die, result) != ways_to_die.end();
}

std::string_view consequence(outcome result)
{
    switch (result) {
        case outcome::lost:
            return "Lost in silence: nobody is told. A read waits for ever, and a write succeeds "
                   "until the retransmissions give up, some 15 minutes later; only keepalive, a "
                   "ping or a timeout of one's own notices.";
        case outcome::reset:
            return "Reset: the next message is answered with a TCP reset, so the software learns "
                   "at once, but that message is gone and must be sent again.";
        case outcome::closed:
            return "Closed in order: the software is told as if the other end had hung up.";
        case outcome::late:
            return "Late: the server's message arrived only after the client had spoken, which "
                   "re-created the binding. From inside such a connection never seems to die.";
        default:
            return "";
    }
}

// Which outcomes there were, for each stratum that had any.
grid by_stratum(const material& from, std::set<outcome>& seen)
{
    std::map<stratum, std::map<outcome, unsigned>> counts;
    for (const auto& each : from.probes)
        if (is_a_death(each.seen.result)) {
            ++counts[each.where][each.seen.result];
            seen.insert(each.seen.result);
        }
    grid all{.columns = {{"stratum"}}, .rows = {}};
    for (const auto result : ways_to_die)
        all.columns.push_back({std::string{to_string(result)}, true});
    for (auto& [where, of] : counts) {
        all.rows.push_back({describe(where)});
        for (const auto result : ways_to_die)
            all.rows.back().push_back(fmt::format("{}", of[result]));
    }
    return all;
}

// What the far end's socket saw of the connection, asked over the control connection.
grid by_witness(const material& from)
{
    std::map<std::pair<outcome, std::string>, unsigned> counts;
    for (const auto& each : from.probes)
        if (is_a_death(each.seen.result))
            ++counts[{each.seen.result, each.seen.server_saw}];
    grid all{.columns = {{"outcome"}, {"the server's socket saw"}, {"messages", true}}, .rows = {}};
    for (const auto& [seen, count] : counts)
        all.rows.push_back({std::string{to_string(seen.first)},
                            seen.second.empty() ? "not reported" : seen.second,
                            fmt::format("{}", count)});
    return all;
}

}  // namespace

std::optional<section> deaths_section(const material& from)
{
    std::set<outcome> seen;
    auto outcomes = by_stratum(from, seen);
    if (seen.empty())
        return std::nullopt;
    section all{.id = "deaths", .title = "How connections died", .blocks = {}};
    bullets means;
    for (const auto each : seen)
        means.items.emplace_back(consequence(each));
    all.blocks.emplace_back(std::move(means));
    all.blocks.emplace_back(paragraph{"Messages that were not delivered:"});
    all.blocks.emplace_back(std::move(outcomes));
    all.blocks.emplace_back(paragraph{
        "What the other end's socket saw, as it told over the control connection (ended: it was no "
        "longer there):"});
    all.blocks.emplace_back(by_witness(from));
    return all;
}

}  // namespace deadair::report
