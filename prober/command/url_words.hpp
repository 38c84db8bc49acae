#pragma once

#include "analysis/words/url.hpp"
#include "prober/command/option_values.hpp"
#include "prober/dialogue/dialogue.hpp"

namespace deadair::prober {

/// What is said to a server of another make: of its URL, of files that only their owner may read,
/// and of the environment.
/// @param usual_port  of the URL's scheme; 0: it has none
/// @throws usage_error
dialogue::words read_words(const po::variables_map& given, const url& named,
                           std::uint16_t usual_port);

/// --delayed-url: what the server answers after a delay, into `said`.
/// @param named  the URL that is measured
/// @return the unit of the delay; 0: the option was not given
/// @throws usage_error
nanoseconds read_delayed(const po::variables_map& given, const url& named, dialogue::words& said);

}  // namespace deadair::prober
