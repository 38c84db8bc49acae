#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "analysis/command/document.hpp"
#include "analysis/report/escalation/escalation.hpp"
#include "analysis/report/escalation/events.hpp"
#include "analysis/report/result.hpp"
#include "analysis/report/section/sections.hpp"
#include "analysis/report/sink.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

using namespace std::chrono_literals;

constexpr duration_range wanted_range{.least = 1s, .most = 24h * 30};

void options_of_escalate(po::options_description& add)
{
    add_run_options(add);
    add_path_options(add);
    add_document_options(add, "markdown (the default) or text");
    add.add_options()("contact", po::value<std::string>()->value_name("TEXT")->default_value(""),
                      "who asks: name, team, how to reach you")(
        "workaround", po::value<std::vector<std::string>>()->value_name("TEXT"),
        "what is in force now; may be given several times")(
        "bundle", po::value<std::string>()->value_name("DIR"),
        "make this folder, with the message and all that it speaks of")(
        "ask-for", po::value<std::string>()->value_name("TIME")->default_value("2h4m"),
        "the idle timeout to ask for");
}

report::escalation_words words_of(const po::variables_map& given)
{
    report::escalation_words words{.file = given["db"].as<std::string>(),
                                   .contact = given["contact"].as<std::string>(),
                                   .workarounds = {},
                                   .wanted = duration_option(given, "ask-for", wanted_range),
                                   .bundled = given.count("bundle") != 0};
    if (given.count("workaround") != 0)
        words.workarounds = given["workaround"].as<std::vector<std::string>>();
    if (words.bundled && given.count("output") != 0)
        throw usage_error("--bundle names the folder for everything; leave out --output");
    return words;
}

std::string evidence_text(const report::material& from)
{
    std::string text;
    for (const auto& each : from.evidence)
        text += fmt::format("== {} ==\n{}\n{}\n", each.part, each.detail,
                            fmt::join(each.stands_out, "\n"));
    return text.empty() ? "None was gathered; deadair-prober evidence does.\n" : text;
}

void write_bundle(const std::filesystem::path& folder, const store::database& file,
                  const report::material& from, const report::escalation_words& words)
{
    std::error_code problem;
    if (!std::filesystem::create_directory(folder, problem))
        throw usage_error(
            fmt::format("--bundle {} cannot be made: {}; name a new folder in one "
                        "that is there, and yours",
                        folder.string(), problem ? problem.message() : "it is there already"));
    const auto put = [&](const char* name, const std::string& text) {
        report::sink to{folder / name};
        to.put(text);
        to.finish();
    };
    put("message.md", report::markdown(report::escalation(from, words)));
    put("probes.csv", report::wire_events_csv(from));
    put("report.html", report::html(report::run_report(from)));
    put("result.json", report::result_json(file, from.run,
                                           {from.findings, from.settings, from.limits, from.open}));
    put("evidence.txt", evidence_text(from));
    fmt::print(
        "made {}: message.md to send, and probes.csv, report.html, result.json, "
        "evidence.txt to attach\n",
        folder.string());
}

exit_code run_escalate(const po::variables_map& given)
{
    const auto format = document_format(given, {"markdown", "text"}, "markdown");
    const auto words = words_of(given);
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto found =
        report::gather(from, which, path_conditions(given, from.conditions(which.id)));
    require_findings(which, found.findings);
    if (words.bundled)
        write_bundle(given["bundle"].as<std::string>(), from, found, words);
    else
        put_out(given, written(report::escalation(found, words), format));
    return verdict(which, found.findings, found.open);
}

}  // namespace

const command escalate_command{
    "escalate", "writes the message to the team that runs the network", options_of_escalate,
    run_escalate, "deadair-analysis escalate --db results.db --bundle for-the-network-team"};

}  // namespace deadair::command
