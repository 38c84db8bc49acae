// Connections that could not be opened, and what that and uploads amount to.
#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"
#include "analysis/store/store.hpp"
#include "analysis/store/tables.hpp"

namespace deadair::store {

void database::add(const refusal& failed)
{
    handle_->sql.prepare("INSERT INTO refusals VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(failed.run)
        .bind(std::int64_t{failed.connection_id})
        .bind(to_string(failed.on.kind))
        .bind(to_string(failed.on.family))
        .bind(std::int64_t{failed.on.server_port})
        .bind(failed.began)
        .bind(failed.failed)
        .bind(failed.reason)
        .run();
}

std::vector<refusal> database::refusals(run_id which) const
{
    std::vector<refusal> all;
    if (!has_table(handle_->sql, "refusals"))
        return all;  // an older file that may only be read
    auto row = handle_->sql.prepare(
        "SELECT connection_id, transport, family, server_port, began_s, failed_s, reason "
        "FROM refusals WHERE run_id = ? ORDER BY failed_s, connection_id");
    row.bind(which);
    while (row.step())
        all.push_back({.run = which,
                       .connection_id = static_cast<std::uint32_t>(row.integer(0)),
                       .on = {.family = known(parse_address_family(row.text(2)), row, 2),
                              .server_port = static_cast<std::uint16_t>(row.integer(3)),
                              .kind = known(parse_transport(row.text(1)), row, 1)},
                       .began = row.time(4),
                       .failed = row.time(5),
                       .reason = row.text(6)});
    return all;
}

void database::replace_limits(run_id which, std::span<const path_limits::limit> found)
{
    transaction all{handle_->sql};
    handle_->sql.prepare("DELETE FROM limits WHERE run_id = ?").bind(which).run();
    for (const auto& each : found)
        handle_->sql.prepare("INSERT INTO limits VALUES (?, ?, ?, ?)")
            .bind(which)
            .bind(to_string(each.what))
            .bind(each.value)
            .bind(each.note)
            .run();
    all.commit();
}

std::vector<path_limits::limit> database::limits(run_id which) const
{
    std::vector<path_limits::limit> all;
    auto row = handle_->sql.prepare(
        "SELECT limit_kind, limit_value, note FROM limits WHERE run_id = ? ORDER BY rowid");
    row.bind(which);
    while (row.step())
        all.push_back({.what = known(path_limits::parse_kind(row.text(0)), row, 0),
                       .value = row.is_null(1) ? std::nullopt : std::optional{row.real(1)},
                       .note = row.text(2)});
    return all;
}

}  // namespace deadair::store
