#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Which findings of two runs differ by more than their intervals allow. Pure.
namespace deadair::estimate {

enum class change : std::uint8_t {
    same,       ///< both may be the same value, and connections die alike
    differs,    ///< no value explains both
    uncertain,  ///< one of them says too little
    only_before,
    only_after,
};
std::string_view to_string(change value);

struct stratum_change {
    stratum where;
    change what{change::uncertain};
    std::vector<finding> before;  ///< several in a mixture
    std::vector<finding> after;
    std::string sentence;  ///< "wss to_client port 7443 ipv4: 20 s before, 6 s after"
};

/// One for each stratum of either run, ordered by stratum.
std::vector<stratum_change> compare(std::span<const finding> before,
                                    std::span<const finding> after);

}  // namespace deadair::estimate
