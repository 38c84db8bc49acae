#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/path/quality.hpp"

namespace deadair::path_quality {

/// So many of so many.
struct share {
    double part{};
    double whole{};

    double value() const { return whole > 0 ? part / whole : 0; }
};

/// What a run says of its path.
struct figures {
    std::optional<share> retransmitted;          ///< segments of the control connection
    std::optional<share> uploads_retransmitted;  ///< segments of its uploads
    std::vector<nanoseconds> round_trips;        ///< in any order
};

enum class change : std::uint8_t { same, differs, uncertain };
std::string_view to_string(change value);

struct compared {
    std::string_view figure;  ///< retransmitted_share, uploads_retransmitted_share,
                              ///< round_trip_s; the last is a median
    std::optional<double> before;
    std::optional<double> after;
    change what{change::uncertain};
};

/// Both runs side by side, with whether they differ by more than chance makes them:
/// shares by more than three standard deviations, taken for twice as scattered as independent
/// losses are, since losses come together; round trips when each median lies outside the middle
/// half of the other run's, and by a millisecond or more. Figures that neither run has are left
/// out.
std::vector<compared> compare(const figures& before, const figures& after);

}  // namespace deadair::path_quality
