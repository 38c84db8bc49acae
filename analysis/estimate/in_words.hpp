#pragma once

#include <string>

#include "analysis/estimate/estimate.hpp"

/// A finding as a person says it, with no more digits than its interval gives sense to. Pure.
namespace deadair::estimate {

/// The single value, "20 s"; of a spread its ends, "60 s to 75 s". Wants `low` to be known.
std::string value_in_words(const finding& one);

/// "19.8 s to 20.2 s"; "over 2 h"; "below 5 s"; "unknown".
std::string interval_in_words(const finding& one);

/// "20 s (19.8 s to 20.2 s), silent"; "nothing expired up to 2 h"; "inconclusive".
std::string in_words(const finding& one);

}  // namespace deadair::estimate
