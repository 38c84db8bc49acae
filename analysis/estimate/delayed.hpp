#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Whether nothing is forgotten, but what is said after a long silence comes late. Pure.
namespace deadair::estimate {

struct delay {
    nanoseconds silence{};  ///< the shortest after which a message was late
    nanoseconds took{};     ///< such a message, typically
};

/// nullopt: what came late is not enough, or others did not come at all, or in time after as long.
/// @param silent  of strata without refresh
std::optional<delay> delay_of(std::span<const observation> silent);

/// The same with what came late delivered.
std::vector<observation> without_delay(std::span<const observation> seen);

/// Of a finding in which nothing expired.
void describe(finding& found, const delay& of);

}  // namespace deadair::estimate
