#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analysis/words/duration.hpp"

namespace deadair::path_quality {

/// Share of retransmitted segments on a path that is well, and from which it is degraded.
/// Source: the field guide that deadair grew from, nine days of counters on one host.
inline constexpr double usual_share = 0.0002;
inline constexpr double degraded_share = 0.00037;

enum class grade : std::uint8_t { usual, raised, degraded, too_few };
std::string_view to_string(grade value);

/// One figure at one moment of a run, as in the table path_samples.
struct sample {
    nanoseconds at{};
    std::string_view name;
    double value{};
};

/// Segments, those sent again included.
struct segments {
    double sent{};
    double retransmitted{};

    double share() const { return sent > 0 ? retransmitted / sent : 0; }
};

/// How the path treats connections that are alive.
struct quality {
    segments own;                  ///< of the control connection and of uploads that came through
    std::optional<segments> host;  ///< of all programs of this host, as context
    grade how{grade::too_few};
};

/// What a connection's counters (`segments_out`, `retransmitted_segments`) grew by; they begin anew
/// with a new connection. @param samples  in order of time
segments grown(std::span<const sample> samples);

/// What this host's counters (`sent_segments`, `retransmitted_segments`) grew by.
/// @param samples  of source 'host'
/// @return nullopt without two moments to compare, or when the counters began anew between them.
std::optional<segments> grown_of_host(std::span<const sample> samples);

/// The path is judged by what is ours and alive: other programs' connections may die as they like,
/// and on a binding that is gone everything is sent again.
quality judge(const segments& own, const std::optional<segments>& host);

/// One sentence for people.
std::string describe(const quality& of);

}  // namespace deadair::path_quality
