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

}  // namespace deadair::prober
