// The tables `uploads` and `upload_progress`.
#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"
#include "analysis/store/tables.hpp"

namespace deadair::store {

namespace {

std::optional<double> milliseconds(const std::optional<nanoseconds>& value)
{
    return value ? std::optional{to_seconds(*value) * 1e3} : std::nullopt;
}

std::optional<nanoseconds> from_milliseconds(const statement& row, int column)
{
    return row.is_null(column) ? std::nullopt : std::optional{row.time(column, 1e-3)};
}

void insert(connection_to_file& sql, const upload& one)
{
    sql.prepare(
           "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
           "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(one.run)
        .bind(std::int64_t{one.upload_id})
        .bind(to_string(one.on.kind))
        .bind(to_string(one.on.family))
        .bind(std::int64_t{one.on.server_port})
        .bind(std::int64_t{one.local_port})
        .bind(to_string(one.way))
        .bind(static_cast<std::int64_t>(one.size_bytes))
        .bind(to_string(one.spell))
        .bind(one.idle_timeout)
        .bind(one.idle_before)
        .bind(to_string(one.guard))
        .bind(one.guard_after)
        .bind(one.started)
        .bind(one.total)
        .bind(static_cast<std::int64_t>(one.moved_bytes))
        .bind(one.goodput_bytes_per_s)
        .bind(one.longest_stall)
        .bind(one.sent_bytes)
        .bind(one.retransmitted_share)
        .bind(milliseconds(one.rtt))
        .bind(milliseconds(one.rtt_variation))
        .bind(milliseconds(one.rto))
        .bind(to_string(one.result))
        .bind(or_null(one.void_reason))
        .bind(one.accepted)
        .bind(one.noticed)
        .bind(or_null(one.noticed_by))
        .bind(one.kernel_gives_up)
        .run();
}

void insert(connection_to_file& sql, const upload& of, const upload_progress& one)
{
    sql.prepare("INSERT INTO upload_progress VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(of.run)
        .bind(std::int64_t{of.upload_id})
        .bind(one.at)
        .bind(static_cast<std::int64_t>(one.moved_bytes))
        .bind(static_cast<std::int64_t>(one.unsent_bytes))
        .bind(static_cast<std::int64_t>(one.sent_bytes))
        .bind(static_cast<std::int64_t>(one.retransmitted_bytes))
        .bind(std::int64_t{one.congestion_window_segments})
        .bind(milliseconds(one.rtt))
        .bind(milliseconds(one.rto))
        .bind(one.busy)
        .bind(one.receiver_limited)
        .bind(one.buffer_limited)
        .run();
}

upload read_upload(const statement& row)
{
    upload one;
    one.run = row.integer(0);
    one.upload_id = static_cast<std::uint32_t>(row.integer(1));
    one.on = {.family = known(parse_address_family(row.text(3)), row, 3),
              .server_port = static_cast<std::uint16_t>(row.integer(4)),
              .kind = known(parse_transport(row.text(2)), row, 2)};
    one.local_port = static_cast<std::uint16_t>(row.integer(5));
    one.way = known(parse_transfer_direction(row.text(6)), row, 6);
    one.size_bytes = static_cast<std::uint64_t>(row.integer(7));
    one.spell = known(parse_idle_spell(row.text(8)), row, 8);
    one.idle_timeout = row.optional_time(9);
    one.idle_before = row.time(10);
    one.guard = known(parse_write_guard(row.text(11)), row, 11);
    one.guard_after = row.optional_time(12);
    one.started = row.time(13);
    one.total = row.time(14);
    one.moved_bytes = static_cast<std::uint64_t>(row.integer(15));
    if (!row.is_null(16))
        one.goodput_bytes_per_s = row.figure(16);
    one.longest_stall = row.time(17);
    if (!row.is_null(18))
        one.sent_bytes = row.integer(18);
    if (!row.is_null(19))
        one.retransmitted_share = row.figure(19);
    one.rtt = from_milliseconds(row, 20);
    one.rtt_variation = from_milliseconds(row, 21);
    one.rto = from_milliseconds(row, 22);
    one.result = known(parse_transfer_outcome(row.text(23)), row, 23);
    one.void_reason = row.is_null(24) ? "" : row.text(24);
    one.accepted = row.optional_time(25);
    one.noticed = row.optional_time(26);
    one.noticed_by = row.is_null(27) ? "" : row.text(27);
    one.kernel_gives_up = row.optional_time(28);
    return one;
}

}  // namespace

void database::add(const upload& settled, std::span<const upload_progress> progress)
{
    transaction all{handle_->sql};
    insert(handle_->sql, settled);
    for (const auto& each : progress)
        insert(handle_->sql, settled, each);
    all.commit();
}

std::vector<upload> database::uploads(run_id which) const
{
    std::vector<upload> all;
    if (!has_table(handle_->sql, "uploads"))
        return all;
    auto row = handle_->sql.prepare("SELECT * FROM uploads WHERE run_id = ? ORDER BY upload_id");
    row.bind(which);
    while (row.step())
        all.push_back(read_upload(row));
    return all;
}

std::vector<upload_progress> database::progress_of(run_id which, std::uint32_t upload_id) const
{
    std::vector<upload_progress> all;
    auto row = handle_->sql.prepare(
        "SELECT * FROM upload_progress WHERE run_id = ? AND upload_id = ? ORDER BY at_s");
    row.bind(which).bind(std::int64_t{upload_id});
    while (row.step())
        all.push_back({.at = row.time(2),
                       .moved_bytes = static_cast<std::uint64_t>(row.integer(3)),
                       .unsent_bytes = static_cast<std::uint64_t>(row.integer(4)),
                       .sent_bytes = static_cast<std::uint64_t>(row.integer(5)),
                       .retransmitted_bytes = static_cast<std::uint64_t>(row.integer(6)),
                       .congestion_window_segments = static_cast<std::uint32_t>(row.integer(7)),
                       .rtt = from_milliseconds(row, 8).value_or(nanoseconds{}),
                       .rto = from_milliseconds(row, 9).value_or(nanoseconds{}),
                       .busy = row.time(10),
                       .receiver_limited = row.time(11),
                       .buffer_limited = row.time(12)});
    return all;
}

std::optional<known_timeout> database::idle_timeout_of(const std::string& server_endpoint) const
{
    auto row = handle_->sql.prepare(
        "SELECT low_s, idle_timeout_s, high_s FROM findings JOIN runs USING (run_id) "
        "WHERE server_endpoint = ? AND refresh = 'none' AND low_s IS NOT NULL "
        "AND idle_timeout_s IS NOT NULL AND high_s IS NOT NULL "
        "ORDER BY run_id DESC, low_s LIMIT 1");
    row.bind(server_endpoint);
    if (!row.step())
        return std::nullopt;
    return known_timeout{.low = row.time(0), .best = row.time(1), .high = row.time(2)};
}

}  // namespace deadair::store
