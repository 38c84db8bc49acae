// Reading a file back.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "analysis/store/handle.hpp"
#include "analysis/store/known.hpp"
#include "analysis/store/schema.hpp"

namespace deadair::store {

namespace {

run_state parse_state(const std::string& text)
{
    for (const auto each : {run_state::running, run_state::finished, run_state::interrupted})
        if (text == to_string(each))
            return each;
    return run_state::failed;
}

// A measurement of the idle timeout, if there is one; evidence alone says least.
const run& latest_of(const std::vector<run>& all)
{
    const auto measured = std::ranges::find(all.rbegin(), all.rend(), "measure", &run::command);
    if (measured != all.rend())
        return *measured;
    const auto telling = std::ranges::find_if(
        all.rbegin(), all.rend(), [](const run& each) { return each.command != "evidence"; });
    return telling != all.rend() ? *telling : all.back();
}

constexpr const char* select_run =
    "SELECT run_id, label, started_at, ended_at, state, client_host, server_endpoint, "
    "program_version, options_asked, options_used, intercepted, note, run_uuid, command, watch_id "
    "FROM runs ORDER BY started_at, run_id";

run read_run(const statement& row)
{
    run one;
    one.id = row.integer(0);
    one.label = row.text(1);
    one.started_at = row.text(2);
    if (!row.is_null(3))
        one.ended_at = row.text(3);
    one.state = parse_state(row.text(4));
    one.client_host = row.text(5);
    one.server_endpoint = row.text(6);
    one.program_version = row.text(7);
    one.options_asked = row.text(8);
    one.options_used = row.text(9);
    one.intercepted = row.integer(10) != 0;
    if (!row.is_null(11))
        one.note = row.text(11);
    one.uuid = row.text(12);
    one.command = row.text(13);
    if (!row.is_null(14))
        one.watch = row.integer(14);
    return one;
}

// Columns transport, direction, refresh, refresh_from, server_port, family, from `first` on.
stratum read_stratum(const statement& row, int first)
{
    stratum where;
    where.on.kind = known(parse_transport(row.text(first)), row, first);
    where.way = known(parse_direction(row.text(first + 1)), row, first + 1);
    where.how.by = known(parse_refresh(row.text(first + 2)), row, first + 2);
    where.how.from = known(parse_refresh_side(row.text(first + 3)), row, first + 3);
    where.on.server_port = static_cast<std::uint16_t>(row.integer(first + 4));
    where.on.family = known(parse_address_family(row.text(first + 5)), row, first + 5);
    return where;
}

// A connection was not silent before it was opened: whatever the far end said, or the file says,
// such a row proves nothing.
bool could_be(const estimate::observation& one)
{
    constexpr nanoseconds tolerance = std::chrono::seconds{1};
    // As long as a time in a file may be: longer ones were cut to it.
    constexpr nanoseconds longest = std::chrono::hours{24 * 366 * 10};
    return one.idle_age >= nanoseconds{} && one.idle_age_error >= nanoseconds{} &&
           one.settled_at >= nanoseconds{} && one.settled_at < longest &&
           one.idle_age <= one.connection_age + one.idle_age_error + tolerance;
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace

std::vector<run> database::runs() const
{
    std::vector<run> all;
    auto row = handle_->sql.prepare(select_run);
    while (row.step())
        all.push_back(read_run(row));
    return all;
}

run database::find_run(const std::string& which) const
{
    const auto all = runs();
    if (all.empty())
        handle_->sql.refuse("holds no run yet; measure first with deadair-prober");
    if (which == "latest")
        return latest_of(all);
    run_id id = 0;
    const auto* const end = which.data() + which.size();
    const auto [stopped, error] = std::from_chars(which.data(), end, id);
    std::vector<run> fitting;
    for (const auto& each : all)
        if (each.label == which || (error == std::errc{} && stopped == end && each.id == id))
            fitting.push_back(each);
    if (fitting.empty())
        handle_->sql.refuse(
            fmt::format("holds no run '{}'; deadair-analysis runs lists them", which));
    if (fitting.size() > 1)
        handle_->sql.refuse(
            fmt::format("holds {} runs called '{}'; name one by its number (the "
                        "newest is {})",
                        fitting.size(), which, fitting.back().id));
    return fitting.front();
}

std::vector<estimate::observation> database::observations(run_id which) const
{
    std::vector<estimate::observation> all;
    auto row = handle_->sql.prepare(
        "SELECT c.transport, p.direction, p.refresh, p.refresh_from, c.server_port, c.family, "
        "p.connection_id, c.local_port, p.idle_age_s, p.idle_age_error_s, p.outcome, "
        "p.unprompted, p.unanswered, p.verdict_s, p.sent_s - c.opened_s, p.retransmitted_before, "
        "p.sent_s, coalesce(p.server_saw, '') NOT IN ('', 'nothing'), "
        "p.void_reason LIKE '%saw a packet%' OR p.void_reason LIKE '%during the silence', "
        "p.server_saw = 'spoke' "
        "FROM probes p "
        "JOIN connections c USING (run_id, connection_id) WHERE p.run_id = ?1 OR p.run_id IN "
        "(SELECT beside.run_id FROM runs of JOIN runs beside USING (watch_id) "
        "WHERE of.run_id = ?1 AND beside.command = 'watch') "
        "ORDER BY p.run_id <> ?1, p.verdict_s, p.probe_id");
    row.bind(which);
    while (row.step()) {
        estimate::observation one;
        one.where = read_stratum(row, 0);
        one.connection_id = static_cast<std::uint32_t>(row.integer(6));
        one.local_port = static_cast<std::uint16_t>(row.integer(7));
        one.idle_age = row.time(8);
        one.idle_age_error = row.time(9);
        one.result = known(parse_outcome(row.text(10)), row, 10);
        one.unprompted = row.integer(11) != 0;
        one.unanswered = static_cast<std::uint32_t>(row.integer(12));
        one.settled_at = row.time(13);
        one.connection_age = row.time(14);
        if (!could_be(one))
            one.result = outcome::voided;
        if (!row.is_null(15))
            one.retransmitted_before = static_cast<std::uint32_t>(row.integer(15));
        one.sent_at = row.time(16);
        one.both_saw = one.unprompted && row.integer(17) != 0;
        one.disturbed = !row.is_null(18) && row.integer(18) != 0;
        one.spoken = one.unprompted && !row.is_null(19) && row.integer(19) != 0;
        all.push_back(one);
    }
    return all;
}

std::vector<estimate::finding> database::findings(run_id which) const
{
    std::vector<estimate::finding> all;
    // A file of the former version that may only be read tells no explanation.
    const bool explains = version_of(handle_->sql) > version_oldest;
    auto row = handle_->sql.prepare(fmt::format(
        "SELECT transport, direction, refresh, refresh_from, server_port, family, kind, "
        "idle_timeout_s, low_s, high_s, confidence, after_expiry, delivered, not_delivered, "
        "voided, share, note, {} FROM findings WHERE run_id = ? ORDER BY rowid",
        explains ? "explanation, period_s, moment_s, crowd, by_itself"
                 : "'unsettled', NULL, NULL, NULL, 0"));
    row.bind(which);
    while (row.step()) {
        estimate::finding one;
        one.where = read_stratum(row, 0);
        one.kind = known(estimate::parse_finding_kind(row.text(6)), row, 6);
        one.idle_timeout = row.optional_time(7);
        one.low = row.optional_time(8);
        one.high = row.optional_time(9);
        one.confidence = row.real(10);
        if (!row.is_null(11))
            one.after_expiry = known(estimate::parse_expiry(row.text(11)), row, 11);
        one.delivered = static_cast<std::uint32_t>(row.integer(12));
        one.not_delivered = static_cast<std::uint32_t>(row.integer(13));
        one.voided = static_cast<std::uint32_t>(row.integer(14));
        one.share = row.real(15);
        one.note = row.text(16);
        one.why = known(estimate::parse_explanation(row.text(17)), row, 17);
        one.period = row.optional_time(18);
        one.moment = row.optional_time(19);
        if (!row.is_null(20))
            one.crowd = static_cast<std::uint32_t>(row.integer(20));
        one.by_itself = row.integer(21) != 0;
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<recommend::recommendation> database::recommendations(run_id which) const
{
    std::vector<recommend::recommendation> all;
    auto row = handle_->sql.prepare(
        "SELECT setting, value, unit, low_confidence, reason FROM recommendations "
        "WHERE run_id = ? ORDER BY rowid");
    row.bind(which);
    while (row.step()) {
        recommend::recommendation one;
        one.setting = known(recommend::parse_setting_name(row.text(0)), row, 0);
        if (!row.is_null(1))
            one.value = row.real(1);
        one.unit = row.text(2);
        one.low_confidence = row.integer(3) != 0;
        one.reason = row.text(4);
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<path_sample> database::path_samples(run_id which, const std::string& source) const
{
    std::vector<path_sample> found;
    auto row = handle_->sql.prepare(
        "SELECT at_s, name, value FROM path_samples WHERE run_id = ? AND source = ? ORDER BY at_s");
    row.bind(which).bind(source);
    while (row.step())
        found.push_back({.run = which,
                         .at = row.time(0),
                         .source = source,
                         .name = row.text(1),
                         .value = row.figure(2)});
    return found;
}

recommend::conditions database::conditions(run_id which) const
{
    recommend::conditions found;
    std::vector<double> trips_s;
    auto row = handle_->sql.prepare(
        "SELECT round_trip_ms FROM probes WHERE run_id = ? AND outcome = 'delivered' "
        "AND round_trip_ms IS NOT NULL");
    row.bind(which);
    while (row.step())
        trips_s.push_back(to_seconds(row.time(0, 1e-3)));
    if (!trips_s.empty()) {
        const double middle = median(trips_s);
        for (auto& each : trips_s)
            each = std::abs(each - middle);
        found.round_trip = from_seconds(middle);
        found.round_trip_variation = from_seconds(median(trips_s));
    }
    auto counts = handle_->sql.prepare(
        "SELECT coalesce(max(CASE WHEN name = 'retransmitted_segments' THEN value END), 0), "
        "coalesce(max(CASE WHEN name = 'segments_out' THEN value END), 0) FROM path_samples "
        "WHERE run_id = ? AND source = 'control'");
    counts.bind(which);
    // Below some thousand segments the share says little: keep the usual assumption then.
    constexpr double segments_min = 2000;
    if (counts.step() && counts.real(1) >= segments_min)
        found.packet_loss = std::clamp(counts.real(0) / counts.real(1), 0.001, 0.5);
    const auto transfers = uploads(which);
    found.writes = conditions_of_writes(transfers, found.packet_loss);
    const auto limits = path_limits::limits_of({}, transfers_of(transfers));
    found.uploads_stall = std::ranges::find(limits, path_limits::kind::packets,
                                            &path_limits::limit::what) != limits.end();
    return found;
}

}  // namespace deadair::store
