// What keeps a connection alive: means and side against path and direction.
#include <fmt/format.h>

#include <tuple>

#include "analysis/estimate/refreshed.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::report {

namespace {

std::string_view words_of(refresh by)
{
    switch (by) {
        case refresh::tcp_keepalive:
            return "TCP keepalive";
        case refresh::ws_ping:
            return "WebSocket ping";
        default:
            return "data";
    }
}

std::string cell(const estimate::finding& of)
{
    return fmt::format("{} ({} lived, {} died, {} void)", to_string(estimate::effect_of(of)),
                       of.delivered, of.not_delivered, of.voided);
}

}  // namespace

std::optional<section> refreshes_section(const material& from)
{
    std::map<std::tuple<refresh, refresh_side, path>, std::map<direction, std::string>> cells;
    for (const auto& each : from.findings)
        if (each.where.how.by != refresh::none && each.kind != estimate::finding_kind::absolute_age)
            cells[{each.where.how.by, each.where.how.from, each.where.on}][each.where.way] =
                cell(each);
    if (cells.empty())
        return std::nullopt;
    grid matrix{
        .columns = {{"refresh"}, {"sent by"}, {"path"}, {"to the client"}, {"to the server"}},
        .rows = {}};
    for (auto& [what, by_way] : cells) {
        const auto& [by, side, on] = what;
        const auto one = [&, &seen = by_way](direction way) {
            return seen.contains(way) ? seen.at(way) : std::string{"-"};
        };
        matrix.rows.push_back(
            {std::string{words_of(by)}, std::string{to_string(side)},
             fmt::format("{} {} {}", to_string(on.kind), to_string(on.family), on.server_port),
             one(direction::to_client), one(direction::to_server)});
    }
    section all{.id = "refreshes", .title = "What keeps a connection alive", .blocks = {}};
    all.blocks.emplace_back(paragraph{
        "Connections that were refreshed so, and by nothing else, for longer than a silent one "
        "lives; then one end spoke. Where they lived, the refresh counts."});
    all.blocks.emplace_back(std::move(matrix));
    return all;
}

}  // namespace deadair::report
