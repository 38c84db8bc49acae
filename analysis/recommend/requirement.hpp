#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/recommend/recommend.hpp"

/// Whether a run meets what a script asks of it. Pure.
namespace deadair::recommend {

enum class compliance : std::uint8_t { met, inconclusive, not_met };
/// For people and JSON: "met", "inconclusive", "not met".
std::string_view to_string(compliance value);

struct judgement {
    compliance how{compliance::met};
    std::string sentence;  ///< why
    std::string rerun;  ///< options of deadair-prober that would conclude; empty where none would
};

/// Every connection without refresh lives through so much silence.
judgement idle_timeout_at_least(std::span<const estimate::finding> found, nanoseconds wanted);

/// The recommended value of a setting in seconds is so much, for a sign of life that is sent no
/// more often.
judgement setting_at_least(std::span<const estimate::finding> found,
                           std::span<const recommendation> settings, setting_name setting,
                           nanoseconds wanted);

/// No stratum differs between the runs by more than the intervals allow.
judgement unchanged(std::span<const estimate::finding> before,
                    std::span<const estimate::finding> after);

/// The measurement does not exclude the product that `id` names.
judgement consistent_with(std::string_view id, std::span<const estimate::finding> found,
                          std::chrono::year_month today);

}  // namespace deadair::recommend
