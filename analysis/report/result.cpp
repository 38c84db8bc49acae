#include "analysis/report/result.hpp"

#include <fmt/format.h>

#include "analysis/estimate/refreshed.hpp"
#include "analysis/report/hops.hpp"
#include "analysis/report/json.hpp"
#include "analysis/report/limits.hpp"
#include "analysis/report/path.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/uploads.hpp"

namespace deadair::report {

namespace {

// Raised when a reader of the former one would be misled.
constexpr std::int64_t schema_version = 1;

std::string without_newline(std::string text)
{
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

std::string run_object(const store::run& of)
{
    json_object row;
    row.field("run_id", of.id)
        .field("run_uuid", of.uuid)
        .field("label", of.label)
        .field("started_at", of.started_at)
        .field("ended_at", of.ended_at)
        .field("state", to_string(of.state))
        .field("command", of.command)
        .field("client_host", of.client_host)
        .field("server_endpoint", of.server_endpoint)
        .field("program_version", of.program_version)
        .field("options_asked", of.options_asked)
        .field("options_used", of.options_used)
        .field("intercepted", of.intercepted)
        .field("note", of.note);
    return row.text();
}

// Of each refresh that was tried whether it keeps a connection alive.
std::string refreshes_array(std::span<const estimate::finding> found)
{
    std::string rows;
    for (const auto& each : found) {
        if (each.where.how.by == refresh::none || each.kind == estimate::finding_kind::absolute_age)
            continue;
        json_object row;
        row.field("refresh", to_string(each.where.how.by))
            .field("refresh_from", to_string(each.where.how.from))
            .field("transport", to_string(each.where.on.kind))
            .field("direction", to_string(each.where.way))
            .field("server_port", std::int64_t{each.where.on.server_port})
            .field("family", to_string(each.where.on.family))
            .field("effect", to_string(estimate::effect_of(each)))
            .field("delivered", std::int64_t{each.delivered})
            .field("not_delivered", std::int64_t{each.not_delivered})
            .field("voided", std::int64_t{each.voided});
        rows += (rows.empty() ? "\n  " : ",\n  ") + row.text();
    }
    return rows.empty() ? "[]" : "[" + rows + "\n]";
}

std::string path_object(const store::database& from, const store::run& of,
                        std::span<const store::upload> uploads)
{
    const auto samples = from.path_samples(of.id);
    const auto seen = path_seen(samples, uploads);
    const auto given = from.conditions(of.id);
    json_object row;
    row.field("segments", seen.own.sent)
        .field("retransmitted_segments", seen.own.retransmitted)
        .field("quality", to_string(seen.how))
        .field("round_trip_s", given.round_trip)
        .field("round_trip_variation_s", given.round_trip_variation)
        .field("packet_loss", given.packet_loss)
        .field("sentence", path_quality::describe(seen));
    return row.text();
}

}  // namespace

std::string result_json(const store::database& from, const store::run& which, const result& of)
{
    const auto uploads = from.uploads(which.id);
    json_object all;
    all.field("schema_version", schema_version)
        .field("answer", answer(of.findings, of.open))
        .field("open", of.open)
        .raw("run", run_object(which))
        .raw("findings", without_newline(findings_json(which.id, of.findings)))
        .raw("refreshes", refreshes_array(of.findings))
        .raw("recommendations", without_newline(recommendations_json(which.id, of.settings)))
        .raw("limits", limits_json(which.id, of.limits))
        .raw("uploads", without_newline(uploads_json(uploads)))
        .raw("hops", hops_json(from.hops_of(which.id)))
        .raw("path", path_object(from, which, uploads));
    return all.text() + "\n";
}

}  // namespace deadair::report
