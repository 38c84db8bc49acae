#include "analysis/report/path.hpp"

#include <fmt/format.h>

#include <vector>

namespace deadair::report {

namespace {

constexpr double segment_bytes = 1400;

std::vector<path_quality::sample> samples_of(std::span<const store::path_sample> all,
                                             std::string_view source)
{
    std::vector<path_quality::sample> found;
    for (const auto& each : all)
        if (each.source == source)
            found.push_back({.at = each.at, .name = each.name, .value = each.value});
    return found;
}

// Only what was sent on living bindings: on others everything is sent again.
path_quality::segments segments_of(std::span<const store::upload> uploads)
{
    path_quality::segments all;
    for (const auto& each : uploads)
        if (each.result == transfer_outcome::completed && each.way == transfer_direction::upload &&
            each.sent_bytes && each.retransmitted_share) {
            const auto sent = static_cast<double>(*each.sent_bytes) / segment_bytes;
            all.sent += sent;
            all.retransmitted += sent * *each.retransmitted_share;
        }
    return all;
}

std::optional<path_quality::share> share_of(const path_quality::segments& all)
{
    return all.sent > 0 ? std::optional{path_quality::share{all.retransmitted, all.sent}}
                        : std::nullopt;
}

}  // namespace

path_quality::figures path_figures(std::span<const store::path_sample> samples,
                                   std::span<const store::probe> probes,
                                   std::span<const store::upload> uploads)
{
    path_quality::figures all;
    all.retransmitted = share_of(path_quality::grown(samples_of(samples, "control")));
    all.uploads_retransmitted = share_of(segments_of(uploads));
    for (const auto& each : probes)
        if (each.result == outcome::delivered && each.round_trip)
            all.round_trips.push_back(*each.round_trip);
    for (const auto& each : samples)
        if (each.source == "control" && each.name == "rtt_us")
            all.round_trips.push_back(from_seconds(each.value * 1e-6));
    return all;
}

path_quality::quality path_seen(std::span<const store::path_sample> samples,
                                std::span<const store::upload> uploads)
{
    auto own = path_quality::grown(samples_of(samples, "control"));
    const auto uploaded = segments_of(uploads);
    own.sent += uploaded.sent;
    own.retransmitted += uploaded.retransmitted;
    return path_quality::judge(own, path_quality::grown_of_host(samples_of(samples, "host")));
}

std::string path_answer(std::span<const store::path_sample> samples,
                        std::span<const store::upload> uploads)
{
    return path_quality::describe(path_seen(samples, uploads));
}

}  // namespace deadair::report
