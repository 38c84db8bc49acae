#include <fmt/format.h>

#include "analysis/command/command.hpp"
#include "analysis/report/results.hpp"

namespace deadair::command {

namespace {

void options(po::options_description& add)
{
    add_run_options(add);
    add_format_option(add);
}

exit_code run(const po::variables_map& given)
{
    const auto format = format_of(given);
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto found = analyse(from, which.id, from.conditions(which.id)).findings;
    fmt::print("{}", format == output::json ? report::findings_json(which.id, found)
                                            : report::findings_text(found));
    return verdict(found);
}

}  // namespace

const command findings_command{"findings", "says after how much silence connections are forgotten",
                               options, run};

}  // namespace deadair::command
