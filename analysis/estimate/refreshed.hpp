#pragma once

#include <span>
#include <string_view>

#include "analysis/estimate/estimate.hpp"

/// Whether a refresh keeps a binding alive. Pure.
namespace deadair::estimate {

/// What the probes of a refreshed stratum say beside those of silent connections.
/// @param silent  findings of strata without refresh
finding of_refreshed(const stratum& where, std::span<const observation> seen,
                     std::span<const finding> silent);

/// Notes where the findings together show that something on the path ends TCP itself.
void remark_on_proxies(std::span<finding> found);

enum class refresh_effect : std::uint8_t { counts, does_not_count, inconclusive };
/// "counts", "does not count", "inconclusive"
std::string_view to_string(refresh_effect value);
/// @pre the finding is of a refreshed stratum
refresh_effect effect_of(const finding& refreshed);

}  // namespace deadair::estimate
