#pragma once

#include <span>

#include "analysis/estimate/estimate.hpp"

namespace deadair::estimate {

/// What a stratum shows that is no matter of silence: all state lost again and again, silences that
/// packets of neither end broke, messages that only came late. Nothing is then said to live on, or
/// to be forgotten, that was not seen to.
/// @param seen  all of the stratum
void look_beyond_silence(finding& found, std::span<const observation> seen,
                         const assumptions& given);

}  // namespace deadair::estimate
