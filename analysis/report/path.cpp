#include "analysis/report/path.hpp"

#include <fmt/format.h>

#include <vector>

namespace deadair::report {

namespace {

std::optional<path_quality::quality> quality_of(std::span<const store::path_sample> all)
{
    std::vector<path_quality::sample> host;
    path_quality::own_segments own;
    for (const auto& each : all) {
        if (each.source == "host")
            host.push_back({.at = each.at, .name = each.name, .value = each.value});
        if (!each.source.starts_with("connection "))
            continue;
        own.sent += each.name == "segments_out" ? each.value : 0;
        own.retransmitted += each.name == "retransmitted_segments" ? each.value : 0;
    }
    return path_quality::quality_of(host, own);
}

// Only what was sent on living bindings: on others everything is sent again.
std::optional<path_quality::share> retransmitted_of(std::span<const store::upload> uploads)
{
    constexpr double segment_bytes = 1400;
    path_quality::share all;
    for (const auto& each : uploads)
        if (each.result == transfer_outcome::completed && each.way == transfer_direction::upload &&
            each.sent_bytes && each.retransmitted_share) {
            const auto segments = static_cast<double>(*each.sent_bytes) / segment_bytes;
            all.whole += segments;
            all.part += segments * *each.retransmitted_share;
        }
    return all.whole > 0 ? std::optional{all} : std::nullopt;
}

}  // namespace

path_quality::figures path_figures(std::span<const store::path_sample> samples,
                                   std::span<const store::probe> probes,
                                   std::span<const store::upload> uploads)
{
    path_quality::figures all;
    if (const auto seen = quality_of(samples); seen && seen->sent > 0) {
        all.retransmitted = path_quality::share{seen->retransmitted, seen->sent};
        all.lost = path_quality::share{seen->retransmitted - seen->needless, seen->sent};
    }
    all.uploads_retransmitted = retransmitted_of(uploads);
    for (const auto& each : probes)
        if (each.result == outcome::delivered && each.round_trip)
            all.round_trips.push_back(*each.round_trip);
    for (const auto& each : samples)
        if (each.source == "control" && each.name == "rtt_us")
            all.round_trips.push_back(from_seconds(each.value * 1e-6));
    return all;
}

std::string path_answer(std::span<const store::path_sample> all)
{
    const auto found = quality_of(all);
    return found ? path_quality::describe(*found)
                 : "this host's TCP counters tell nothing of this run";
}

std::string path_text(std::span<const store::path_sample> all)
{
    return fmt::format("path: {}\n", path_answer(all));
}

}  // namespace deadair::report
