#include "analysis/report/comparison.hpp"

#include <fmt/format.h>

#include <utility>

#include "analysis/command/document.hpp"
#include "analysis/report/path.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

void options_of_compare(po::options_description& add)
{
    add_run_options(add);
    add.add_options()("with-run",
                      po::value<std::string>()->value_name("RUN")->default_value("latest"),
                      "the run to compare it with; of one path, the earlier is \"before\"")(
        "with-db", po::value<std::string>()->value_name("FILE"),
        "the file of that run, if it is another");
    add_document_options(add, "text (the default), json, html or markdown");
}

report::compared_run compared(const std::string& file, const std::string& run)
{
    auto from = store::database::open_existing(file);
    const auto which = from.find_run(run);
    remark_on(which);
    auto found = analyse(from, which.id, from.conditions(which.id)).findings;
    require_findings(which, found);
    return {.file = file,
            .run = which,
            .findings = std::move(found),
            .path = report::path_figures(from.path_samples(which.id), from.probes(which.id),
                                         from.uploads(which.id)),
            .hops = from.hops_of(which.id)};
}

// Of one path the earlier run comes first, however they were named: a change has a direction.
bool is_later(const store::run& one, const store::run& than)
{
    return one.client_host == than.client_host && one.server_endpoint == than.server_endpoint &&
           one.started_at > than.started_at;
}

exit_code run_compare(const po::variables_map& given)
{
    const auto format = document_format(given, {"text", "json", "html", "markdown"}, "text");
    const auto& file = given["db"].as<std::string>();
    const auto other = given.count("with-db") != 0 ? given["with-db"].as<std::string>() : file;
    auto before = compared(file, given["run"].as<std::string>());
    auto after = compared(other, given["with-run"].as<std::string>());
    if (before.run.uuid == after.run.uuid)
        throw usage_error(fmt::format(
            "both are run {}; name another with --run, --with-run or --with-db", before.run.id));
    if (is_later(before.run, after.run))
        std::swap(before, after);
    put_out(given, format == "json" ? report::comparison_json(before, after)
                                    : written(report::comparison(before, after), format));
    const auto first = verdict(before.run, before.findings, {});
    const auto second = verdict(after.run, after.findings, {});
    return first == exit_code::done ? second : first;
}

}  // namespace

const command compare_command{
    "compare", "two runs or files: which findings differ, and whether the path does",
    options_of_compare, run_compare, "deadair-analysis compare --db before.db --with-db after.db"};

}  // namespace deadair::command
