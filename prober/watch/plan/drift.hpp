#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/estimate/estimate.hpp"

namespace deadair::watch_plan {

/// One stratum whose idle timeout is another than before.
struct drift {
    stratum where;
    std::optional<nanoseconds> before;  ///< nullopt: it did not expire within the range
    std::optional<nanoseconds> after;
    std::string text;  ///< "wss to_client port 7443 ipv4: the idle timeout was 10 s and is 6 s"
};

/// Which strata have changed: only where the two intervals exclude each other, so that the width of
/// a measurement is never taken for a change.
std::vector<drift> compare(std::span<const estimate::finding> before,
                           std::span<const estimate::finding> after);

/// The shortest and the longest idle timeout found; nullopt where nothing expired.
struct timeouts {
    nanoseconds shortest{};  ///< the earliest age at which something may be gone
    nanoseconds longest{};   ///< the age by which all is gone that goes
};
std::optional<timeouts> timeouts_of(std::span<const estimate::finding> found);

}  // namespace deadair::watch_plan
