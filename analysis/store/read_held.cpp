// Reading back what was held: verifications and incidents.
#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"

namespace deadair::store {

namespace {

std::string text_or_empty(const statement& row, int column)
{
    return row.is_null(column) ? std::string{} : row.text(column);
}

template <class T>
std::optional<T> optional_count(const statement& row, int column)
{
    return row.is_null(column) ? std::nullopt : std::optional{static_cast<T>(row.integer(column))};
}

incident read_incident(const statement& row)
{
    incident one;
    one.run = row.integer(0);
    one.at = row.time(1);
    one.noticed_at = row.text(2);
    one.kind = known(parse_incident_kind(row.text(3)), row, 3);
    one.put_down_to = known(parse_blame(row.text(4)), row, 4);
    one.connection_id = optional_count<std::uint32_t>(row, 5);
    if (!row.is_null(6))
        one.way = known(parse_direction(row.text(6)), row, 6);
    one.quiet = row.optional_time(7);
    one.unnoticed = row.optional_time(8);
    one.client_saw = text_or_empty(row, 9);
    one.server_saw = text_or_empty(row, 10);
    if (!row.is_null(11))
        one.round_trip_ms = row.real(11);
    one.retransmissions = optional_count<std::uint32_t>(row, 12);
    one.segments_in = optional_count<std::uint32_t>(row, 13);
    one.segments_out = optional_count<std::uint32_t>(row, 14);
    one.detail = row.text(15);
    return one;
}

std::vector<incident> incidents_where(connection_to_file& sql, const std::string& column,
                                      std::int64_t value)
{
    std::vector<incident> all;
    auto row = sql.prepare(
        "SELECT run_id, at_s, noticed_at, kind, blame, connection_id, direction, quiet_s, "
        "unnoticed_s, client_saw, server_saw, round_trip_ms, retransmissions, segments_in, "
        "segments_out, detail FROM incidents JOIN runs USING (run_id) WHERE " +
        column + " = ? ORDER BY noticed_at, incident_id");
    row.bind(value);
    while (row.step())
        all.push_back(read_incident(row));
    return all;
}

}  // namespace

std::vector<incident> database::incidents(watch_id of) const
{
    return incidents_where(handle_->sql, "watch_id", of);
}

std::vector<incident> database::incidents_of(run_id which) const
{
    return incidents_where(handle_->sql, "run_id", which);
}

std::vector<verification> database::verifications(const std::string& server_endpoint) const
{
    std::vector<verification> all;
    // An older file that may only be read lacks the table, or its last column.
    if (handle_->sql.pragma("SELECT count(*) FROM pragma_table_info('verifications') "
                            "WHERE name = 'max_connection_age_s'") == 0)
        return all;
    auto row = handle_->sql.prepare(
        "SELECT run_id, tcp_keepalive_s, ws_ping_s, idle_reconnect_s, max_connection_age_s, "
        "idle_timeout_s, result, missed, tried, share_low, share_high, confidence, reason "
        "FROM verifications JOIN runs USING (run_id) WHERE server_endpoint = ? "
        "ORDER BY run_id DESC");
    row.bind(server_endpoint);
    while (row.step())
        all.push_back({.run = row.integer(0),
                       .tcp_keepalive = row.optional_time(1),
                       .ws_ping = row.optional_time(2),
                       .idle_reconnect = row.optional_time(3),
                       .max_connection_age = row.optional_time(4),
                       .idle_timeout = row.time(5),
                       .result = row.text(6),
                       .missed = static_cast<std::uint32_t>(row.integer(7)),
                       .tried = static_cast<std::uint32_t>(row.integer(8)),
                       .share_low = row.real(9),
                       .share_high = row.real(10),
                       .confidence = row.real(11),
                       .reason = row.text(12)});
    return all;
}

}  // namespace deadair::store
