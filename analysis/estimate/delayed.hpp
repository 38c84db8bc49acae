#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Whether nothing is forgotten, but what is said after a long silence comes late. Pure.
namespace deadair::estimate {

struct delay {
    nanoseconds silence{};      ///< the shortest after which a message was late
    nanoseconds took{};         ///< such a message, typically
    nanoseconds heard_until{};  ///< what was sent later and did not arrive may just have been late
};

/// nullopt: what came late is not enough, or others did not come at all, or in time after as long,
/// or more were not waited for than came late.
/// @param silent  of strata without refresh
std::optional<delay> delay_of(std::span<const observation> silent);

/// The same with what came late delivered, and what nobody waited for void.
std::vector<observation> without_delay(std::span<const observation> seen, const delay& of);

/// Of a finding in which nothing expired.
void describe(finding& found, const delay& of);

}  // namespace deadair::estimate
