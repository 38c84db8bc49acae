#pragma once

#include "analysis/estimate/pools.hpp"

namespace deadair::estimate {

/// Connections that ended too early for the sharp timeout of all others, and not by packet loss,
/// may be a few that have a shorter one. Until so many new ones have lived past that age that a
/// share of 3 % would have shown, the finding reaches down to it and its confidence is low. Says so
/// in the note.
void cast_doubt(finding& found, const pool& home);

/// Of a run that began anew with few connections, and what it saw is not explained by their number:
/// then it may be all the same, and what was seen with few may not hold with many.
void doubt_number(finding& found);

}  // namespace deadair::estimate
