#pragma once

#include <boost/program_options.hpp>
#include <span>
#include <string>

#include "analysis/analyse.hpp"
#include "analysis/words/exit_code.hpp"

/// The commands of deadair-analysis, one file each.
namespace deadair::command {

namespace po = boost::program_options;

/// One command: its options beside the common ones, and what it does.
struct command {
    const char* name;
    const char* help;  ///< one line
    void (*options)(po::options_description& add);
    /// @throws usage_error, store::store_error
    exit_code (*run)(const po::variables_map& given);
};

std::span<const command> commands();

// The commands, each in its own file.
extern const command runs_command;
extern const command findings_command;
extern const command recommend_command;

// What several of them share.

enum class output : std::uint8_t { text, json };
void add_run_options(po::options_description& add);
void add_format_option(po::options_description& add);
void add_path_options(po::options_description& add);

output format_of(const po::variables_map& given);
store::database open_database(const po::variables_map& given);
store::run chosen_run(const po::variables_map& given, const store::database& from);
/// What was measured of the path, with what the command line says instead.
recommend::conditions path_conditions(const po::variables_map& given,
                                      recommend::conditions measured);
/// `inconclusive` if no stratum has an answer.
exit_code verdict(std::span<const estimate::finding> found);
/// Says on standard error that the run did not end in order, if so.
void remark_on(const store::run& which);

}  // namespace deadair::command
