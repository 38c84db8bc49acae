#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/words/duration.hpp"

namespace deadair::store {

using run_id = std::int64_t;

/// When evidence was gathered.
enum class evidence_moment : std::uint8_t {
    start,  ///< of a run
    end,
    asked,  ///< by a command of its own
};
std::string_view to_string(evidence_moment value);
/// Reads what `to_string` writes; anything else is nullopt.
std::optional<evidence_moment> parse_evidence_moment(std::string_view text);

/// One part of what this host and the path looked like.
struct evidence {
    run_id run{};
    nanoseconds at{};  ///< when it was written down
    evidence_moment moment{evidence_moment::asked};
    std::string part;                     ///< "routes", "hops", ...
    bool available{true};                 ///< false: `detail` says why not
    std::string detail;                   ///< for people
    std::vector<std::string> stands_out;  ///< one sentence each, without line breaks
};

}  // namespace deadair::store
