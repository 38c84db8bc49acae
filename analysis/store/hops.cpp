// The tables `hops`, `hop_probes`, `boxes` and `hop_verdicts`.
#include "analysis/store/hops.hpp"

#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"
#include "analysis/store/tables.hpp"
#include "analysis/words/names.hpp"

namespace deadair::store {

namespace {

constexpr std::array<std::string_view, 4> control_names{"forgets", "forgets_earlier", "lives",
                                                        "untold"};

int half_hops(const statement& row, int column)
{
    constexpr double far = 1000;  // beyond what a time to live can count
    return static_cast<int>(std::lround(2 * std::clamp(row.figure(column), 0.0, far)));
}

std::vector<hop> way_of(connection_to_file& sql, run_id which)
{
    std::vector<hop> all;
    auto row = sql.prepare("SELECT hop, address, server FROM hops WHERE run_id = ? ORDER BY hop");
    row.bind(which);
    while (row.step())
        all.push_back({.number = static_cast<int>(row.integer(0)),
                       .address = row.is_null(1) ? "" : row.text(1),
                       .server = row.integer(2) != 0});
    return all;
}

std::vector<box> boxes_of(connection_to_file& sql, run_id which)
{
    std::vector<box> all;
    auto row = sql.prepare(
        "SELECT from_hop, to_hop, low_s, high_s, seen_from, remark FROM boxes "
        "WHERE run_id = ? ORDER BY box_id");
    row.bind(which);
    while (row.step())
        all.push_back({.nearest = half_hops(row, 0),
                       .farthest = half_hops(row, 1),
                       .low = row.time(2),
                       .high = row.time(3),
                       .seen_from = known(parse_refresh_side(row.text(4)), row, 4),
                       .remark = row.text(5)});
    return all;
}

std::optional<hop_verdict> verdict_of(connection_to_file& sql, run_id which)
{
    auto row = sql.prepare(
        "SELECT longest_s, untold, remarks, control_endpoint, control, control_shared_hops "
        "FROM hop_verdicts WHERE run_id = ?");
    row.bind(which);
    if (!row.step())
        return std::nullopt;
    hop_verdict one{.longest = row.time(0),
                    .untold = row.text(1),
                    .remarks = lines_of(row.text(2)),
                    .control_endpoint = {},
                    .control = {},
                    .control_shared_hops = {}};
    if (!row.is_null(3))
        one.control_endpoint = row.text(3);
    if (!row.is_null(4))
        one.control = known(value_of<control_path>(row.text(4), control_names), row, 4);
    if (!row.is_null(5))
        one.control_shared_hops = static_cast<int>(row.integer(5));
    return one;
}

std::vector<std::uint32_t> connections_of(connection_to_file& sql, run_id which)
{
    std::vector<std::uint32_t> all;
    auto row = sql.prepare("SELECT DISTINCT connection_id FROM hop_probes WHERE run_id = ?");
    row.bind(which);
    while (row.step())
        all.push_back(static_cast<std::uint32_t>(row.integer(0)));
    return all;
}

void insert(connection_to_file& sql, run_id of, const hop& there)
{
    sql.prepare("INSERT INTO hops VALUES (?, ?, ?, ?)")
        .bind(of)
        .bind(std::int64_t{there.number})
        .bind(or_null(there.address))
        .bind(std::int64_t{there.server})
        .run();
}

void insert(connection_to_file& sql, run_id of, std::int64_t number, const box& found)
{
    sql.prepare("INSERT INTO boxes VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(of)
        .bind(number)
        .bind(found.nearest / 2.0)
        .bind(found.farthest / 2.0)
        .bind(found.low)
        .bind(found.high)
        .bind(to_string(found.seen_from))
        .bind(std::string_view{found.remark})
        .run();
}

void insert(connection_to_file& sql, run_id of, const hop_verdict& concluded)
{
    const auto& other = concluded.control_endpoint;
    const auto& shared = concluded.control_shared_hops;
    sql.prepare("INSERT INTO hop_verdicts VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(of)
        .bind(concluded.longest)
        .bind(std::string_view{concluded.untold})
        .bind(std::string_view{fmt::format("{}", fmt::join(concluded.remarks, "\n"))})
        .bind(other ? std::optional{std::string_view{*other}} : std::nullopt)
        .bind(concluded.control ? std::optional{to_string(*concluded.control)} : std::nullopt)
        .bind(shared ? std::optional{std::int64_t{*shared}} : std::nullopt)
        .run();
}

}  // namespace

std::string_view to_string(control_path value)
{
    return name_of(value, control_names);
}

void database::add(const hop_probe& settled)
{
    handle_->sql.prepare("INSERT INTO hop_probes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(settled.run)
        .bind(std::int64_t{settled.hop_probe_id})
        .bind(std::int64_t{settled.connection_id})
        .bind(std::string_view{settled.control ? "control" : "server"})
        .bind(to_string(settled.from))
        .bind(std::int64_t{settled.hops})
        .bind(settled.idle_age)
        .bind(settled.sent)
        .bind(settled.verdict)
        .bind(to_string(settled.result))
        .bind(or_null(settled.void_reason))
        .run();
}

void database::add(const hops_found& concluded)
{
    transaction all{handle_->sql};
    for (const auto& each : concluded.way)
        insert(handle_->sql, concluded.run, each);
    std::int64_t number = 0;
    for (const auto& each : concluded.boxes)
        insert(handle_->sql, concluded.run, ++number, each);
    if (concluded.verdict)
        insert(handle_->sql, concluded.run, *concluded.verdict);
    all.commit();
}

hops_found database::latest_boxes(watch_id which) const
{
    auto row = handle_->sql.prepare(
        "SELECT max(run_id) FROM boxes JOIN runs USING (run_id) WHERE watch_id = ?");
    row.bind(which);
    return row.step() && !row.is_null(0) ? hops_of(row.integer(0)) : hops_found{};
}

hops_found database::hops_of(run_id which) const
{
    if (!has_table(handle_->sql, "hop_verdicts"))
        return {};
    return {.run = which,
            .way = way_of(handle_->sql, which),
            .boxes = boxes_of(handle_->sql, which),
            .verdict = verdict_of(handle_->sql, which),
            .connections = connections_of(handle_->sql, which)};
}

}  // namespace deadair::store
