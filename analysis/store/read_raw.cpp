// Reading a run's raw rows back, as they were recorded.
#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"

namespace deadair::store {

namespace {

std::uint32_t small(const statement& row, int column)
{
    return static_cast<std::uint32_t>(row.integer(column));
}

}  // namespace

std::vector<connection> database::connections(run_id which) const
{
    std::vector<connection> all;
    auto row = handle_->sql.prepare(
        "SELECT connection_id, transport, family, local_address, local_port, server_address, "
        "server_port, opened_s, socket_options FROM connections WHERE run_id = ? "
        "ORDER BY connection_id");
    row.bind(which);
    while (row.step()) {
        connection one;
        one.run = which;
        one.connection_id = small(row, 0);
        one.on.kind = known(parse_transport(row.text(1)), row, 1);
        one.on.family = known(parse_address_family(row.text(2)), row, 2);
        one.local_address = row.text(3);
        one.local_port = static_cast<std::uint16_t>(row.integer(4));
        one.server_address = row.text(5);
        one.on.server_port = static_cast<std::uint16_t>(row.integer(6));
        one.opened = row.time(7);
        one.socket_options = row.text(8);
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<connection_end> database::connection_ends(run_id which) const
{
    std::vector<connection_end> all;
    auto row = handle_->sql.prepare(
        "SELECT connection_id, last_delivered_s, first_undelivered_s, end_s, end_cause, "
        "server_end_cause FROM connections WHERE run_id = ? AND end_s IS NOT NULL "
        "ORDER BY connection_id");
    row.bind(which);
    while (row.step())
        all.push_back({.run = which,
                       .connection_id = small(row, 0),
                       .last_delivered = row.optional_time(1),
                       .first_undelivered = row.optional_time(2),
                       .ended = row.time(3),
                       .client_saw = row.text(4),
                       .server_saw = row.text(5)});
    return all;
}

std::vector<probe> database::probes(run_id which) const
{
    std::vector<probe> all;
    auto row = handle_->sql.prepare(
        "SELECT probe_id, connection_id, direction, refresh, refresh_from, idle_age_s, "
        "idle_age_error_s, unprompted, sent_s, verdict_s, outcome, void_reason, "
        "round_trip_ms / 1000, retransmissions, unanswered, server_saw, retransmitted_before FROM "
        "probes "
        "WHERE run_id = ? ORDER BY sent_s, probe_id");
    row.bind(which);
    while (row.step())
        all.push_back(
            {.run = which,
             .probe_id = small(row, 0),
             .connection_id = small(row, 1),
             .way = known(parse_direction(row.text(2)), row, 2),
             .how = {.by = known(parse_refresh(row.text(3)), row, 3),
                     .from = known(parse_refresh_side(row.text(4)), row, 4)},
             .idle_age = row.time(5),
             .idle_age_error = row.time(6),
             .unprompted = row.integer(7) != 0,
             .sent = row.time(8),
             .verdict = row.optional_time(9),
             .result = known(parse_outcome(row.text(10)), row, 10),
             .void_reason = row.text(11),
             .round_trip = row.optional_time(12),
             .retransmissions = small(row, 13),
             .unanswered = small(row, 14),
             .retransmitted_before = row.is_null(16) ? std::nullopt : std::optional{small(row, 16)},
             .server_saw = row.text(15)});
    return all;
}

std::vector<event> database::events(run_id which) const
{
    std::vector<event> all;
    auto row = handle_->sql.prepare(
        "SELECT at_s, kind, detail FROM events WHERE run_id = ? ORDER BY at_s, event_id");
    row.bind(which);
    while (row.step())
        all.push_back(
            {.run = which, .at = row.time(0), .kind = row.text(1), .detail = row.text(2)});
    return all;
}

std::vector<path_sample> database::path_samples(run_id which) const
{
    std::vector<path_sample> all;
    auto row = handle_->sql.prepare(
        "SELECT at_s, source, name, value FROM path_samples WHERE run_id = ? "
        "ORDER BY at_s, sample_id");
    row.bind(which);
    while (row.step())
        all.push_back({.run = which,
                       .at = row.time(0),
                       .source = row.text(1),
                       .name = row.text(2),
                       .value = row.figure(3)});
    return all;
}

}  // namespace deadair::store
