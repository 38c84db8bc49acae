#include "analysis/report/uploads.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/report/dead_transfers.hpp"
#include "analysis/report/json.hpp"
#include "analysis/report/table.hpp"
#include "analysis/words/byte_count.hpp"

namespace deadair::report {

namespace {

using store::upload;

constexpr std::string_view too_short_to_time = "too short to time";

std::string size_text(const upload& one)
{
    return format_byte_count(static_cast<double>(one.size_bytes));
}

std::string spell_text(const upload& one)
{
    if (one.spell == idle_spell::fresh)
        return "fresh";
    return silence_text(one);
}

std::string share_text(const upload& one)
{
    // Where nothing moved everything was sent again, which says nothing of the path.
    return one.retransmitted_share && one.moved_bytes > 0
               ? fmt::format("{:.2f} %", *one.retransmitted_share * 100)
               : "-";
}

std::string goodput_text(const upload& one)
{
    if (one.moved_bytes == 0)
        return "-";
    return one.goodput_bytes_per_s ? format_byte_count(*one.goodput_bytes_per_s) + "/s"
                                   : std::string(too_short_to_time);
}

std::string outcome_text(const upload& one)
{
    return one.void_reason.empty() ? std::string{to_string(one.result)}
                                   : fmt::format("{}: {}", to_string(one.result), one.void_reason);
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

living living_of(std::span<const upload> uploads)
{
    living all;
    for (const auto& each : uploads) {
        const bool lives = each.spell == idle_spell::fresh || each.spell == idle_spell::below;
        if (!lives || each.result == transfer_outcome::voided)
            continue;
        ++all.tried;
        all.longest_stall = std::max(all.longest_stall, each.longest_stall);
        if (each.result != transfer_outcome::completed)
            continue;
        ++all.completed;
        if (each.size_bytes > all.largest)
            all = {.tried = all.tried,
                   .completed = all.completed,
                   .largest = each.size_bytes,
                   .slowest = {},
                   .fastest = {},
                   .longest_stall = all.longest_stall};
        if (const auto goodput = each.goodput_bytes_per_s;
            goodput && each.size_bytes == all.largest) {
            all.slowest = std::min(all.slowest.value_or(*goodput), *goodput);
            all.fastest = std::max(all.fastest.value_or(*goodput), *goodput);
        }
    }
    return all;
}

std::string goodput_text(const living& of)
{
    if (!of.slowest)
        return std::string(too_short_to_time);
    const auto low = format_byte_count(*of.slowest);
    const auto high = format_byte_count(*of.fastest);
    return low == high ? low + "/s" : fmt::format("{} to {}/s", low, high);
}

namespace {

// With the system's defaults, of more than fits into the send buffer.
std::string dead_answer(std::span<const upload> uploads)
{
    for (const auto& each : dead_transfers_of(uploads)) {
        const bool plain = each.like.way == transfer_direction::upload &&
                           each.like.guard == write_guard::none &&
                           each.like.spell == idle_spell::beyond && each.accepted.empty();
        if (!plain)
            continue;
        auto text = fmt::format(
            " After {} of silence they went nowhere, and with the system's "
            "defaults the writer ",
            format_duration(each.like.idle_before));
        if (!each.noticed.empty())
            return text + "was told " + told_text(each) + ".";
        text += fmt::format("was not told within {}", format_duration(each.took.front()));
        if (!each.gives_up.empty())
            text += fmt::format("; the kernel gives up after {} (computed)", gives_up_text(each));
        return text + ".";
    }
    return {};
}

}  // namespace

std::string uploads_answer(std::span<const upload> uploads)
{
    const auto living = living_of(uploads);
    if (living.tried == 0)
        return "No upload or download was made on a connection that lived.";
    auto text = fmt::format("{} of {} uploads and downloads on living connections completed",
                            living.completed, living.tried);
    if (living.completed > 0)
        text += fmt::format(", {} {}{}, and stood still for {} at most",
                            format_byte_count(static_cast<double>(living.largest)),
                            living.slowest ? "at " : "", goodput_text(living),
                            format_duration(living.longest_stall));
    return text + "." + dead_answer(uploads);
}

text_table uploads_table(std::span<const upload> uploads)
{
    text_table all{.heads = {"transport", "direction", "size", "idle before", "total",
                             "longest stall", "goodput", "retransmitted", "outcome"},
                   .rows = {}};
    for (const auto& each : uploads)
        all.rows.push_back({std::string{to_string(each.on.kind)}, std::string{to_string(each.way)},
                            size_text(each), spell_text(each), format_duration(each.total),
                            format_duration(each.longest_stall), goodput_text(each),
                            share_text(each), outcome_text(each)});
    return all;
}

std::string uploads_text(std::span<const upload> uploads)
{
    if (uploads.empty())
        return "No uploads or downloads were made.\n";
    const auto all = uploads_table(uploads);
    return table(all.heads, all.rows, 120);
}

std::string dead_writes_text(std::span<const upload> uploads)
{
    const auto all = dead_writes(uploads);
    if (all.rows.empty())
        return {};
    return "Writes on a binding that was gone: the last column is computed, from the "
           "retransmission "
           "timeout and\ntcp_retries2, as Linux does it; the others were measured.\n" +
           table(all.heads, all.rows, 120);
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
