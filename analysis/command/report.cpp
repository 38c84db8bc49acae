#include <fmt/format.h>
#include <unistd.h>

#include "analysis/command/command.hpp"
#include "analysis/command/document.hpp"
#include "analysis/report/section/sections.hpp"

namespace deadair::command {

namespace {

void options_of_report(po::options_description& add)
{
    add_run_options(add);
    add_path_options(add);
    add_document_options(add, "html, markdown or text; by default text on a terminal, else html");
}

std::string default_format(const po::variables_map& given)
{
    return given.count("output") == 0 && isatty(STDOUT_FILENO) != 0 ? "text" : "html";
}

exit_code run_report(const po::variables_map& given)
{
    const auto format = document_format(given, {"html", "markdown", "text"}, default_format(given));
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto found =
        report::gather(from, which, path_conditions(given, from.conditions(which.id)));
    const bool says_something = !found.uploads.empty() || !found.evidence.empty() ||
                                !found.verified.empty() || found.watched || found.hops.verdict;
    if (found.findings.empty() && which.command != "measure" && says_something) {
        put_out(given, written(report::run_report(found), format));
        return exit_code::done;
    }
    require_findings(which, found.findings);
    put_out(given, written(report::run_report(found), format));
    return verdict(which, found.findings, found.open);
}

}  // namespace

const command report_command{"report", "one page for people: HTML, Markdown or text",
                             options_of_report, run_report,
                             "deadair-analysis report --db results.db --output report.html"};

}  // namespace deadair::command
