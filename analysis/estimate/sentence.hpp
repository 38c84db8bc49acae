#pragma once

#include <span>
#include <string>

#include "analysis/estimate/mixture.hpp"
#include "analysis/estimate/reading.hpp"

/// The explanation of a finding in one plain sentence. Pure.
namespace deadair::estimate {

/// Sets the note, if it has none yet; of a full middlebox it says that before whatever it has.
void describe(finding& found, std::span<const observation> seen, const reading& by);

/// @param room  so far below what survived
std::string sentence_of_unseen_tick(nanoseconds room);
std::string sentence_of_mixture(const mixture& of);
/// @param mean  time until a connection ends
std::string sentence_of_random(nanoseconds mean);

}  // namespace deadair::estimate
