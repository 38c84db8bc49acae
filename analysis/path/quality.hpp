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

/// What the host's TCP did between the first and the last sample.
struct quality {
    nanoseconds over{};
    double sent{};  ///< segments, those sent again included
    double received{};
    double retransmitted{};
    double needless{};  ///< of those, what the receiver had already
    double timeouts{};
    double timed_out{};  ///< connections given up on
    double resets{};
    double out_of_order{};
    grade how{grade::too_few};

    double retransmitted_share() const { return sent > 0 ? retransmitted / sent : 0; }
    /// The best estimate of the segments lost on the way out.
    double lost_share() const { return sent > 0 ? (retransmitted - needless) / sent : 0; }
    double per_hour(double count) const;
};

/// What the connections under test sent, which the host counted as well: on a binding that is gone
/// everything is sent again, and that says nothing of the path.
struct own_segments {
    double sent{};
    double retransmitted{};
};

/// @param host  the samples of source 'host'
/// @return nullopt without two moments to compare, or when the counters began anew between them.
std::optional<quality> quality_of(std::span<const sample> host, const own_segments& own = {});

/// One sentence for people.
std::string describe(const quality& of);

}  // namespace deadair::path_quality
