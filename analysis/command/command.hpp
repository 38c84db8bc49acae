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
    const char* example;  ///< one that works on a results.db
    const char* words{};  ///< the option that takes the words without a name, if any
};

std::span<const command> commands();

// The commands, each in its own file.
extern const command runs_command;
extern const command findings_command;
extern const command recommend_command;
extern const command check_command;
extern const command export_command;
extern const command audit_command;
extern const command merge_command;
extern const command report_command;
extern const command compare_command;
extern const command escalate_command;
extern const command uploads_command;
extern const command fleet_command;
extern const command import_command;

// What several of them share.

enum class output : std::uint8_t { text, json };
void add_run_options(po::options_description& add);
void add_format_option(po::options_description& add);
void add_path_options(po::options_description& add);
void add_expect_option(po::options_description& add);

/// Both ends included.
struct duration_range {
    nanoseconds least{};
    nanoseconds most{};
};
/// Of --assume-timeout.
inline constexpr duration_range timeout_range{.least = std::chrono::seconds{1},
                                              .most = std::chrono::hours{24 * 30}};
/// @throws usage_error for what is no duration, or out of range
nanoseconds duration_option(const po::variables_map& given, const char* option,
                            const duration_range& within);
output format_of(const po::variables_map& given);
store::database open_database(const po::variables_map& given);
store::run chosen_run(const po::variables_map& given, const store::database& from);
/// What was measured of the path, with what the command line says instead.
recommend::conditions path_conditions(const po::variables_map& given,
                                      recommend::conditions measured);
/// `inconclusive` if no stratum has an answer, or one that was asked for was not measured; says
/// then on standard error what to run.
/// @param open  what was asked for and is not answered (`analysis::open`)
exit_code verdict(const store::run& which, std::span<const estimate::finding> found,
                  const std::string& open);
/// "measure again, and let it end: deadair-prober ...".
std::string how_to_conclude(const store::run& which);
/// A run's server for a command to paste; a name that would be taken for an option is not.
std::string pasted_server(const store::run& which);
/// The product that `--expect` names. @throws usage_error for one that is not known
std::optional<std::string> expected_product(const po::variables_map& given);
/// True if `--expect list` asked for the products, and they were printed.
bool listed_middleboxes(const po::variables_map& given);
/// What is known of middleboxes held against the findings, for people: candidates, or the product
/// that `--expect` names, documented against measured.
std::string middleboxes_text(std::span<const estimate::finding> found,
                             const std::optional<std::string>& expected);
/// `not_met` if the measurement excludes the product, `inconclusive` if it says nothing of it.
exit_code verdict_on(const std::optional<std::string>& expected,
                     std::span<const estimate::finding> found);
/// Says on standard error that the run did not end in order, if so.
void remark_on(const store::run& which);

}  // namespace deadair::command
