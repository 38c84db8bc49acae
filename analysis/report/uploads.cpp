#include "analysis/report/uploads.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/report/json.hpp"
#include "analysis/report/table.hpp"
#include "analysis/words/byte_count.hpp"

namespace deadair::report {

namespace {

using store::upload;

std::string size_text(const upload& one)
{
    return format_byte_count(static_cast<double>(one.size_bytes));
}

std::string spell_text(const upload& one)
{
    if (one.spell == idle_spell::fresh)
        return "fresh";
    return fmt::format("{} ({} T)", format_duration(one.idle_before), to_string(one.spell));
}

std::string share_text(const upload& one)
{
    return one.retransmitted_share ? fmt::format("{:.2f} %", *one.retransmitted_share * 100) : "-";
}

std::string goodput_text(const upload& one)
{
    return one.moved_bytes == 0 ? "-" : format_byte_count(one.goodput_bytes_per_s) + "/s";
}

std::string outcome_text(const upload& one)
{
    return one.void_reason.empty() ? std::string{to_string(one.result)}
                                   : fmt::format("{}: {}", to_string(one.result), one.void_reason);
}

std::string guard_text(const upload& one)
{
    switch (one.guard) {
        case write_guard::none:
            return "system defaults";
        case write_guard::user_timeout:
            return "TCP_USER_TIMEOUT " + format_duration(*one.guard_after);
        case write_guard::socket_timeout:
            return "socket timeout " + format_duration(*one.guard_after);
    }
    return "";
}

std::string noticed_text(const upload& one)
{
    if (one.noticed)
        return fmt::format("after {} ({})", format_duration(*one.noticed),
                           one.noticed_by == "kernel" ? to_string(one.result)
                                                      : std::string_view{"socket timeout"});
    return "not within " + format_duration(one.total);
}

std::string kernel_text(const upload& one)
{
    return one.kernel_gives_up ? format_duration(*one.kernel_gives_up) : "-";
}

bool is_dead_write(const upload& one)
{
    return one.way == transfer_direction::upload && one.spell != idle_spell::fresh &&
           one.result != transfer_outcome::completed && one.result != transfer_outcome::voided;
}

std::optional<double> milliseconds(const std::optional<nanoseconds>& value)
{
    return value ? std::optional{to_seconds(*value) * 1e3} : std::nullopt;
}

std::optional<std::string_view> or_null(std::string_view text)
{
    return text.empty() ? std::nullopt : std::optional{text};
}

}  // namespace

std::string uploads_text(std::span<const upload> uploads)
{
    if (uploads.empty())
        return "No uploads or downloads were made.\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : uploads)
        rows.push_back({std::string{to_string(each.on.kind)}, std::string{to_string(each.way)},
                        size_text(each), spell_text(each), format_duration(each.total),
                        format_duration(each.longest_stall), goodput_text(each), share_text(each),
                        outcome_text(each)});
    return table({"transport", "direction", "size", "idle before", "total", "longest stall",
                  "goodput", "retransmitted", "outcome"},
                 rows, 120);
}

std::string dead_writes_text(std::span<const upload> uploads)
{
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : uploads)
        if (is_dead_write(each))
            rows.push_back({std::string{to_string(each.on.kind)}, size_text(each), guard_text(each),
                            each.accepted ? "all of it, after " + format_duration(*each.accepted)
                                          : "not all of it",
                            noticed_text(each), kernel_text(each)});
    if (rows.empty())
        return {};
    return "Writes on a binding that was gone: the last column is computed, from the "
           "retransmission "
           "timeout and\ntcp_retries2, as Linux does it; the others were measured.\n" +
           table({"transport", "write", "guard", "the kernel took", "the writer was told",
                  "the kernel gives up after"},
                 rows, 120);
}

std::string upload_line(const upload& one)
{
    auto text = fmt::format("{} {} {}", to_string(one.on.kind), to_string(one.way), size_text(one));
    if (one.spell != idle_spell::fresh)
        text += fmt::format(" after {} of silence", format_duration(one.idle_before));
    if (one.guard != write_guard::none)
        text += fmt::format(", {}", guard_text(one));
    return fmt::format("{}: {} in {}", text, outcome_text(one), format_duration(one.total));
}

std::string uploads_json(std::span<const upload> uploads)
{
    std::vector<std::string> rows;
    for (const auto& one : uploads) {
        json_object row;
        row.field("run_id", one.run)
            .field("upload_id", std::int64_t{one.upload_id})
            .field("transport", to_string(one.on.kind))
            .field("family", to_string(one.on.family))
            .field("server_port", std::int64_t{one.on.server_port})
            .field("local_port", std::int64_t{one.local_port})
            .field("direction", to_string(one.way))
            .field("size_bytes", static_cast<std::int64_t>(one.size_bytes))
            .field("idle_spell", to_string(one.spell))
            .field("idle_timeout_s", one.idle_timeout)
            .field("idle_before_s", one.idle_before)
            .field("guard", to_string(one.guard))
            .field("guard_s", one.guard_after)
            .field("started_s", one.started)
            .field("total_s", one.total)
            .field("moved_bytes", static_cast<std::int64_t>(one.moved_bytes))
            .field("goodput_bytes_per_s", one.goodput_bytes_per_s)
            .field("longest_stall_s", one.longest_stall)
            .field("sent_bytes", one.sent_bytes)
            .field("retransmitted_share", one.retransmitted_share)
            .field("rtt_ms", milliseconds(one.rtt))
            .field("rtt_variation_ms", milliseconds(one.rtt_variation))
            .field("rto_ms", milliseconds(one.rto))
            .field("outcome", to_string(one.result))
            .field("void_reason", or_null(one.void_reason))
            .field("accepted_s", one.accepted)
            .field("noticed_s", one.noticed)
            .field("noticed_by", or_null(one.noticed_by))
            .field("kernel_gives_up_s", one.kernel_gives_up);
        rows.push_back("  " + row.text());
    }
    return fmt::format("[\n{}\n]\n", fmt::join(rows, ",\n"));
}

}  // namespace deadair::report
