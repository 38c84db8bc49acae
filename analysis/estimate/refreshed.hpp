#pragma once

#include <span>
#include <string_view>

#include "analysis/estimate/estimate.hpp"

/// Whether a refresh keeps a binding alive. Pure.
namespace deadair::estimate {

/// What is believed of connections without refresh, and what was seen of controls.
struct unrefreshed {
    std::span<const finding> found;  ///< of silent strata
    std::span<const observation> silent;
    std::span<const observation> busy;
};

/// What the probes of a refreshed stratum say. What lived counts where silent connections opened
/// beside it and probed at that moment had died; what died, where busy ones lived.
finding of_refreshed(const stratum& where, std::span<const observation> seen,
                     const unrefreshed& beside);

/// Notes where the findings together show that something on the path ends TCP itself.
void remark_on_proxies(std::span<finding> found);

enum class refresh_effect : std::uint8_t { counts, does_not_count, inconclusive };
/// "counts", "does not count", "inconclusive"
std::string_view to_string(refresh_effect value);
/// @pre the finding is of a refreshed stratum
refresh_effect effect_of(const finding& refreshed);

}  // namespace deadair::estimate
