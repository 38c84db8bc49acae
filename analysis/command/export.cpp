#include "analysis/report/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/command/command.hpp"
#include "analysis/report/openmetrics.hpp"
#include "analysis/report/result.hpp"
#include "analysis/report/sink.hpp"
#include "analysis/words/nearest.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

constexpr std::array<std::string_view, 4> formats{"csv", "jsonl", "json", "openmetrics"};

void options_of_export(po::options_description& add)
{
    add_run_options(add);
    add.add_options()(
        "format", po::value<std::string>()->value_name("FORMAT")->default_value("csv"),
        "csv, jsonl (a JSON object a line), json (the run's result as one document) or "
        "openmetrics (also for the node exporter's textfile collector)")(
        "table", po::value<std::string>()->value_name("TABLE")->default_value("findings"),
        "which table, of csv and jsonl")("all-runs", po::bool_switch(),
                                         "of csv and jsonl: not of one run only")(
        "output", po::value<std::string>()->value_name("FILE"),
        "write there, whole or not at all, instead of printing");
}

std::string format_chosen(const po::variables_map& given)
{
    const auto& format = given["format"].as<std::string>();
    if (std::ranges::find(formats, format) == formats.end())
        throw usage_error(fmt::format("--format '{}' is not one of {}{}", format,
                                      fmt::join(formats, ", "), did_you_mean(format, formats)));
    const bool of_tables = given["table"].defaulted() && !given["all-runs"].as<bool>();
    if ((format == "openmetrics" || format == "json") && !of_tables)
        throw usage_error(
            fmt::format("{} is about one run's answer; leave out --table and --all-runs", format));
    return format;
}

std::vector<std::string> columns_chosen(const store::database& from, const std::string& table)
{
    auto names = from.column_names(table);
    const auto tables = from.table_names();
    if (std::ranges::find(tables, table) == tables.end()) {
        const std::vector<std::string_view> known{tables.begin(), tables.end()};
        throw usage_error(fmt::format("there is no table '{}'{}; there are {}", table,
                                      did_you_mean(table, known), fmt::join(tables, ", ")));
    }
    return names;
}

void write_table(const po::variables_map& given, const store::database& from,
                 std::optional<store::run_id> which, report::sink& to)
{
    const auto& table = given["table"].as<std::string>();
    const auto names = columns_chosen(from, table);
    const bool csv = format_chosen(given) == "csv";
    if (csv)
        to.put(report::csv_line(names));
    from.each_row(table, which, [&](std::span<const store::cell> row) {
        to.put(csv ? report::csv_line(row) : report::json_line(names, row));
    });
}

void write(const po::variables_map& given, store::database& from, report::sink& to)
{
    const auto which = chosen_run(given, from);
    const auto result = analyse(from, which.id, from.conditions(which.id));
    const bool every = given["all-runs"].as<bool>();
    if (format_chosen(given) == "openmetrics")
        to.put(report::openmetrics(
            which, result.findings, result.settings,
            which.watch ? std::optional{from.sums_of(*which.watch)} : std::nullopt));
    else if (format_chosen(given) == "json")
        to.put(report::result_json(from, which,
                                   {result.findings, result.settings, result.limits, result.open}));
    else
        write_table(given, from, every ? std::nullopt : std::optional{which.id}, to);
    to.finish();
}

exit_code run_export(const po::variables_map& given)
{
    (void)format_chosen(given);
    auto from = open_database(given);
    if (given.count("output") != 0) {
        report::sink file{given["output"].as<std::string>()};
        write(given, from, file);
    } else {
        report::sink output;
        write(given, from, output);
    }
    return exit_code::done;
}

}  // namespace

const command export_command{"export", "writes results for other programs", options_of_export,
                             run_export,
                             "deadair-analysis export --db results.db --format csv --table probes"};

}  // namespace deadair::command
