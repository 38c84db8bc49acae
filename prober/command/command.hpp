#pragma once

#include <boost/program_options.hpp>
#include <span>
#include <string>
#include <vector>

#include "analysis/words/exit_code.hpp"

/// The commands of deadair-prober, one source each.
namespace deadair::prober {

namespace po = boost::program_options;

/// What was written after the command's name.
struct arguments {
    po::variables_map given;
    std::string asked;  ///< the whole command line, for the record; holds no secret
};

/// One command: its options beside --help and --version, and what it does. It takes one word
/// without a name.
struct command {
    const char* name;
    const char* help;  ///< one line
    void (*options)(po::options_description& add);
    /// @throws usage_error, store::store_error, std::runtime_error
    exit_code (*run)(const arguments& from);
    const char* words{"HOST[:PORT]"};  ///< what that word is
};

/// The first is what is done when none is named.
std::span<const command> commands();

/// With --help and --version.
po::options_description options_of(const command& of);
/// Reads what was written after the command's name. @throws usage_error
po::variables_map parse_words(const std::vector<std::string>& words, const command& of);

// The commands, each in its own source.
extern const command measure_command;
extern const command verify_command;
extern const command watch_command;
extern const command evidence_command;
extern const command uploads_command;
extern const command hops_command;

}  // namespace deadair::prober
