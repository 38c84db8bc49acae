// Rows as JSON, with the tables' names.
#include "analysis/report/json.hpp"
#include "analysis/report/results.hpp"

namespace deadair::report {

using estimate::finding;

namespace {

// An array with an object a line, so that a diff of two outputs can be read.
template <class Row, class Write>
std::string array(std::span<const Row> rows, Write write)
{
    std::string text = "[";
    const char* separator = "\n  ";
    for (const auto& each : rows) {
        text += separator + write(each).text();
        separator = ",\n  ";
    }
    return text + (rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace

std::string findings_json(store::run_id run, std::span<const finding> found)
{
    return array(found, [run](const finding& each) {
        json_object row;
        row.field("run_id", run)
            .field("transport", to_string(each.where.on.kind))
            .field("direction", to_string(each.where.way))
            .field("refresh", to_string(each.where.how.by))
            .field("refresh_from", to_string(each.where.how.from))
            .field("server_port", std::int64_t{each.where.on.server_port})
            .field("family", to_string(each.where.on.family))
            .field("kind", to_string(each.kind))
            .field("idle_timeout_s", each.idle_timeout)
            .field("low_s", each.low)
            .field("high_s", each.high)
            .field("confidence", each.confidence)
            .field("after_expiry",
                   each.after_expiry ? std::optional{to_string(*each.after_expiry)} : std::nullopt)
            .field("delivered", std::int64_t{each.delivered})
            .field("not_delivered", std::int64_t{each.not_delivered})
            .field("voided", std::int64_t{each.voided})
            .field("share", each.share)
            .field("note", each.note)
            .field("explanation", to_string(each.why))
            .field("period_s", each.period)
            .field("moment_s", each.moment)
            .field("crowd", each.crowd ? std::optional{std::int64_t{*each.crowd}} : std::nullopt)
            .field("by_itself", each.by_itself);
        return row;
    });
}

std::string recommendations_json(std::optional<store::run_id> run,
                                 std::span<const recommend::recommendation> settings)
{
    return array(settings, [run](const recommend::recommendation& each) {
        json_object row;
        row.field("run_id", run)
            .field("setting", to_string(each.setting))
            .field("value", each.value)
            .field("unit", each.unit)
            .field("low_confidence", each.low_confidence)
            .field("reason", each.reason);
        return row;
    });
}

std::string runs_json(std::span<const store::run> runs)
{
    return array(runs, [](const store::run& each) {
        json_object row;
        row.field("run_id", each.id)
            .field("run_uuid", each.uuid)
            .field("label", each.label)
            .field("started_at", each.started_at)
            .field("ended_at", each.ended_at)
            .field("state", to_string(each.state))
            .field("client_host", each.client_host)
            .field("server_endpoint", each.server_endpoint)
            .field("program_version", each.program_version)
            .field("intercepted", each.intercepted)
            .field("note", each.note);
        return row;
    });
}

}  // namespace deadair::report
