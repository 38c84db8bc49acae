#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

namespace deadair {

/// A command line without the program's name, one word each, read by `known`; words that belong to
/// no option go to `positions`. Names are not guessed from their beginnings: a script that uses
/// one would break on the next option that begins alike.
///
/// @param help where the reader finds what is known, for example "deadair-prober watch --help"
/// @throws usage_error
boost::program_options::variables_map read_command_line(
    const std::vector<std::string>& words, const boost::program_options::options_description& known,
    const boost::program_options::positional_options_description& positions,
    const std::string& help);

}  // namespace deadair
