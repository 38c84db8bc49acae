#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// What many hosts measured, side by side. Pure.
namespace deadair::fleet {

/// One measurement of one host.
struct measured_run {
    std::int64_t run_id{};
    std::string host;        ///< that the prober ran on
    std::string server;      ///< as asked for
    std::string started_at;  ///< UTC, ISO 8601
    std::vector<estimate::finding> findings;
};

/// A host and a server: one path, of which the latest run tells how it is now.
struct member {
    std::string host;
    std::string server;
    std::int64_t run_id{};
    std::string started_at;
    /// The expiry that comes first; else the shortest silence that was survived; none: no answer.
    std::optional<estimate::finding> deciding;
};

/// Members that may have measured the same: one value lies in all their intervals, and connections
/// die alike.
struct group {
    std::optional<estimate::finding> one;  ///< what they have in common; none: no answer
    std::vector<member> members;
    bool outlying{};  ///< most hosts are of another group, and few of this one
};

/// A path that is no longer what it was.
struct drift {
    std::string host;
    std::string server;
    std::int64_t before_run{};
    std::int64_t after_run{};
    std::string before_at;
    std::string after_at;
    std::string sentence;
};

struct overview {
    std::size_t runs{};
    std::vector<group> groups;  ///< the largest first
    std::vector<drift> drifts;  ///< the latest of each path, in order of time
};

/// @param runs  in any order
overview survey(std::span<const measured_run> runs);

}  // namespace deadair::fleet
