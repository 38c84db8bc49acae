#include <fmt/format.h>

#include "analysis/command/command.hpp"
#include "analysis/report/results.hpp"

namespace deadair::command {

namespace {

void options(po::options_description& add)
{
    add_run_options(add);
    add_format_option(add);
    add_path_options(add);
}

exit_code run(const po::variables_map& given)
{
    const auto format = format_of(given);
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto result = analyse(from, which.id, path_conditions(given, from.conditions(which.id)));
    fmt::print("{}", format == output::json
                         ? report::recommendations_json(which.id, result.settings)
                         : report::recommendations_text(result.settings));
    return verdict(result.findings);
}

}  // namespace

const command recommend_command{"recommend", "prints the settings that follow, with reasons",
                                options, run};

}  // namespace deadair::command
