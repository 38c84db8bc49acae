#include <fmt/format.h>
#include <unistd.h>

#include "analysis/command/command.hpp"
#include "analysis/host/terminal.hpp"
#include "analysis/report/limits.hpp"
#include "analysis/report/results.hpp"
#include "analysis/report/table.hpp"

namespace deadair::command {

namespace {

void options_of_findings(po::options_description& add)
{
    add_run_options(add);
    add_format_option(add);
    add_expect_option(add);
}

std::string limits_text(std::span<const path_limits::limit> found)
{
    std::string text;
    for (const auto& line :
         report::wrapped(report::limits_in_words(found), host::line_width(STDOUT_FILENO, 140)))
        text += "\n" + line + "\n";
    return text;
}

exit_code run_findings(const po::variables_map& given)
{
    const auto format = format_of(given);
    const auto expected = expected_product(given);
    if (listed_middleboxes(given))
        return exit_code::done;
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto result = analyse(from, which.id, from.conditions(which.id));
    const auto& found = result.findings;
    // What measured no silence is told from what measured too little of it.
    if (found.empty() && which.command != "measure" && format == output::text)
        return verdict(which, found, result.open);
    const auto known = middleboxes_text(found, expected);
    if (format == output::json)
        fmt::print("{}", report::findings_json(which.id, found));
    else
        fmt::print("{}{}{}{}",
                   report::findings_text(found, result.open, host::line_width(STDOUT_FILENO, 140)),
                   limits_text(result.limits), known.empty() ? "" : "\n", known);
    const auto answered = verdict(which, found, result.open);
    return answered == exit_code::done ? verdict_on(expected, found) : answered;
}

}  // namespace

const command findings_command{"findings", "says after how much silence connections are forgotten",
                               options_of_findings, run_findings,
                               "deadair-analysis findings --db results.db --format json"};

}  // namespace deadair::command
