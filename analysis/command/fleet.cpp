#include "analysis/report/fleet.hpp"

#include "analysis/command/document.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

void options_of_fleet(po::options_description& add)
{
    add.add_options()("db", po::value<std::string>()->value_name("FILE")->default_value("all.db"),
                      "the merged results of many hosts");
    add_document_options(add, "text (the default), json, html or markdown");
}

exit_code run_fleet(const po::variables_map& given)
{
    const auto format = document_format(given, {"text", "json", "html", "markdown"}, "text");
    const auto from = open_database(given);
    const auto runs = report::measured_runs(from);
    if (runs.empty())
        throw usage_error(
            "the file holds no measurement; bring those of your hosts together with "
            "deadair-analysis merge --db all.db FILE...");
    const auto all = fleet::survey(runs);
    put_out(given, format == "json"
                       ? report::fleet_json(all)
                       : written(report::fleet_report(all, given["db"].as<std::string>()), format));
    return exit_code::done;
}

}  // namespace

const command fleet_command{
    "fleet", "many hosts: who measured the same, who stands apart, what changed", options_of_fleet,
    run_fleet, "deadair-analysis fleet --db all.db --format html --output fleet.html"};

}  // namespace deadair::command
