#pragma once

#include "analysis/estimate/pools.hpp"

namespace deadair::estimate {

/// Connections that ended too early for the sharp timeout of all others, and not by packet loss,
/// may be a few that have a shorter one. Until so many new ones have lived past that age that a
/// share of 3 % would have shown, the finding reaches down to it and its confidence is low. Says so
/// in the note.
void cast_doubt(finding& found, const pool& home);

}  // namespace deadair::estimate
