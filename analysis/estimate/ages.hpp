#pragma once

#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Whether connections are cut at an age, however busy they are. Pure.
namespace deadair::estimate {

/// Data passed both ways, and so lately that no idle timeout can have ended the connection.
/// @param silent  findings of strata without refresh
bool is_busy(const observation& seen, std::span<const finding> silent);

/// The finding that connections are cut at an age between these, since they were opened.
finding age_limit(const stratum& where, nanoseconds low, nanoseconds high);

/// For each stratum in which busy connections were cut: `absolute_age`, with `low` and `high` as
/// ages since the connection was opened, or `inconclusive`. Empty if none was cut. All strata
/// together tell the age, so that one cut in each is enough.
std::vector<finding> ages_of(std::span<const observation> busy, const assumptions& given);

}  // namespace deadair::estimate
