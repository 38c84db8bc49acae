#include <fmt/format.h>

#include "analysis/command/command.hpp"
#include "analysis/report/results.hpp"

namespace deadair::command {

namespace {

void options_of_runs(po::options_description& add)
{
    add.add_options()("db",
                      po::value<std::string>()->value_name("FILE")->default_value("results.db"),
                      "the results");
    add_format_option(add);
}

exit_code run_runs(const po::variables_map& given)
{
    const auto format = format_of(given);
    const auto all = open_database(given).runs();
    fmt::print("{}", format == output::json ? report::runs_json(all) : report::runs_text(all));
    return exit_code::done;
}

}  // namespace

const command runs_command{"runs", "lists the runs in the file", options_of_runs, run_runs,
                           "deadair-analysis runs --db results.db"};

}  // namespace deadair::command
