#include "analysis/command/document.hpp"
#include "analysis/report/escalation/escalation.hpp"

namespace deadair::command {

namespace {

using namespace std::chrono_literals;

constexpr duration_range wanted_range{.least = 1s, .most = 24h * 30};

void options(po::options_description& add)
{
    add_run_options(add);
    add_path_options(add);
    add_document_options(add, "markdown (the default) or text");
    add.add_options()("contact", po::value<std::string>()->value_name("TEXT")->default_value(""),
                      "who asks: name, team, how to reach you")(
        "workaround", po::value<std::vector<std::string>>()->value_name("TEXT"),
        "what is in force now; may be given several times")(
        "ask-for", po::value<std::string>()->value_name("TIME")->default_value("2h4m"),
        "the idle timeout to ask for");
}

exit_code run(const po::variables_map& given)
{
    const auto format = document_format(given, {"markdown", "text"}, "markdown");
    report::escalation_words words{.file = given["db"].as<std::string>(),
                                   .contact = given["contact"].as<std::string>(),
                                   .workarounds = {},
                                   .wanted = duration_option(given, "ask-for", wanted_range)};
    if (given.count("workaround") != 0)
        words.workarounds = given["workaround"].as<std::vector<std::string>>();
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto found =
        report::gather(from, which, path_conditions(given, from.conditions(which.id)));
    require_findings(which, found.findings);
    put_out(given, written(report::escalation(found, words), format));
    return verdict(which, found.findings, found.open);
}

}  // namespace

const command escalate_command{"escalate", "writes the message to the team that runs the network",
                               options, run};

}  // namespace deadair::command
