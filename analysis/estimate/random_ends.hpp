#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analysis/estimate/estimate.hpp"

/// Whether connections are ended at random, however busy they are. Pure.
namespace deadair::estimate {

/// The mean time until a connection ends, where busy ones did by themselves, at ages that are no
/// limit and at moments that have nothing in common. nullopt: they did not.
/// @param busy  what was said on connections on which data passes all the time
std::optional<nanoseconds> random_ends(std::span<const observation> busy);

/// Then no silence is the reason of what silent ones show, but for one sharp timeout.
/// @param silent  findings of strata without refresh
void describe_random(std::vector<finding>& silent, nanoseconds mean);

/// Where busy ones all lived, and some of them would have ended, silence has to do with it: what
/// looks random is not settled.
/// @param silent  findings of strata without refresh
void doubt_random(std::vector<finding>& silent, std::span<const observation> busy);

}  // namespace deadair::estimate
