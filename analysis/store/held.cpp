// Connections that are held: messages, verifications, watches, incidents.
#include "analysis/store/held.hpp"

#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"

namespace deadair::store {

namespace {

std::optional<std::string_view> text_or_null(std::string_view text)
{
    return text.empty() ? std::nullopt : std::optional{text};
}

template <class T>
std::optional<std::int64_t> widened(const std::optional<T>& value)
{
    return value ? std::optional{std::int64_t{*value}} : std::nullopt;
}

}  // namespace

void database::add(const message& said)
{
    handle_->sql
        .prepare(
            "INSERT INTO messages (run_id, message_id, connection_id, direction, control, "
            "replaced, unprompted, quiet_s, sent_s, verdict_s, outcome, void_reason) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(said.run)
        .bind(std::int64_t{said.message_id})
        .bind(std::int64_t{said.connection_id})
        .bind(to_string(said.way))
        .bind(std::int64_t{said.unprotected})
        .bind(std::int64_t{said.replaced})
        .bind(std::int64_t{said.unprompted})
        .bind(said.quiet)
        .bind(said.sent)
        .bind(said.verdict)
        .bind(to_string(said.result))
        .bind(text_or_null(said.void_reason))
        .run();
}

void database::add(const verification& concluded)
{
    handle_->sql.prepare("INSERT INTO verifications VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(concluded.run)
        .bind(concluded.tcp_keepalive)
        .bind(concluded.ws_ping)
        .bind(concluded.idle_reconnect)
        .bind(concluded.idle_timeout)
        .bind(concluded.result)
        .bind(std::int64_t{concluded.missed})
        .bind(std::int64_t{concluded.tried})
        .bind(concluded.share_low)
        .bind(concluded.share_high)
        .bind(concluded.confidence)
        .bind(concluded.reason)
        .bind(concluded.max_connection_age)
        .run();
}

void database::add(const incident& noticed)
{
    handle_->sql
        .prepare(
            "INSERT INTO incidents (run_id, at_s, noticed_at, kind, blame, connection_id, "
            "direction, quiet_s, unnoticed_s, client_saw, server_saw, round_trip_ms, "
            "retransmissions, segments_in, segments_out, detail) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(noticed.run)
        .bind(noticed.at)
        .bind(noticed.noticed_at)
        .bind(to_string(noticed.kind))
        .bind(to_string(noticed.put_down_to))
        .bind(widened(noticed.connection_id))
        .bind(noticed.way ? std::optional{to_string(*noticed.way)} : std::nullopt)
        .bind(noticed.quiet)
        .bind(noticed.unnoticed)
        .bind(text_or_null(noticed.client_saw))
        .bind(text_or_null(noticed.server_saw))
        .bind(noticed.round_trip_ms)
        .bind(widened(noticed.retransmissions))
        .bind(widened(noticed.segments_in))
        .bind(widened(noticed.segments_out))
        .bind(noticed.detail)
        .run();
}

watch_id database::begin_watch(const watch& begun)
{
    handle_->sql
        .prepare(
            "INSERT INTO watches (label, client_host, server_endpoint, started_at) "
            "VALUES (?, ?, ?, ?)")
        .bind(begun.label)
        .bind(begun.client_host)
        .bind(begun.server_endpoint)
        .bind(begun.started_at)
        .run();
    return handle_->sql.last_row();
}

void database::end_watch(watch_id which, const std::string& ended_at)
{
    handle_->sql.prepare("UPDATE watches SET ended_at = ? WHERE watch_id = ?")
        .bind(ended_at)
        .bind(which)
        .run();
}

std::optional<watch> database::unfinished_watch(const watch& like) const
{
    auto row = handle_->sql.prepare(
        "SELECT watch_id, label, client_host, server_endpoint, started_at FROM watches "
        "WHERE ended_at IS NULL AND label = ? AND client_host = ? AND server_endpoint = ? "
        "ORDER BY watch_id DESC LIMIT 1");
    row.bind(like.label).bind(like.client_host).bind(like.server_endpoint);
    if (!row.step())
        return std::nullopt;
    return watch{row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

watch_sums database::sums_of(watch_id which) const
{
    watch_sums all;
    auto lasted = handle_->sql.prepare(
        "SELECT max(0, (julianday(coalesce(w.ended_at, max(coalesce(r.ended_at, r.started_at)))) "
        "- julianday(w.started_at)) * 86400) FROM watches w JOIN runs r USING (watch_id) "
        "WHERE watch_id = ?");
    lasted.bind(which);
    if (lasted.step() && !lasted.is_null(0))
        all.watched = lasted.time(0);
    auto said = handle_->sql.prepare(
        "SELECT total(NOT unprompted), total(NOT unprompted AND outcome <> 'delivered'), "
        "total(unprompted) FROM messages JOIN runs USING (run_id) "
        "WHERE watch_id = ? AND NOT control AND outcome <> 'void'");
    said.bind(which);
    if (said.step()) {
        all.messages = static_cast<std::uint64_t>(said.real(0));
        all.missed = static_cast<std::uint64_t>(said.real(1));
        all.ended = static_cast<std::uint64_t>(said.real(2));
    }
    auto uploaded = handle_->sql.prepare(
        "SELECT count(*), total(outcome <> 'completed') FROM uploads JOIN runs USING (run_id) "
        "WHERE watch_id = ? AND idle_spell = 'fresh' AND uploads.direction = 'upload' "
        "AND outcome <> 'void'");
    uploaded.bind(which);
    if (uploaded.step()) {
        all.uploads = static_cast<std::uint64_t>(uploaded.integer(0));
        all.uploads_failed = static_cast<std::uint64_t>(uploaded.real(1));
    }
    auto measured = handle_->sql.prepare(
        "SELECT run_id, ended_at, count(*) OVER () FROM runs WHERE watch_id = ? "
        "AND command = 'measure' AND state = 'finished' ORDER BY run_id DESC LIMIT 1");
    measured.bind(which);
    if (measured.step()) {
        all.last_measurement = measured.integer(0);
        all.last_measured_at = measured.text(1);
        all.measurements = static_cast<std::uint64_t>(measured.integer(2));
    }
    auto noticed = handle_->sql.prepare(
        "SELECT kind, count(*) FROM incidents JOIN runs USING (run_id) "
        "WHERE watch_id = ? GROUP BY kind");
    noticed.bind(which);
    while (noticed.step())
        all.incidents[known(parse_incident_kind(noticed.text(0)), noticed, 0)] =
            static_cast<std::uint64_t>(noticed.integer(1));
    return all;
}

}  // namespace deadair::store
