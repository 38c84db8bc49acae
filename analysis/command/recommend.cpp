#include "analysis/recommend/recommend.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "analysis/command/command.hpp"
#include "analysis/host/terminal.hpp"
#include "analysis/recommend/stacks.hpp"
#include "analysis/report/results.hpp"
#include "analysis/words/usage_error.hpp"

namespace deadair::command {

namespace {

using namespace std::chrono_literals;

constexpr const char* about_proxy =
    "Something on the path speaks TCP itself and closes in order. These settings are for what "
    "stands "
    "beside it. With\n--for STACK, --role behind-proxy is for a server whose connections it reuses "
    "(close later than it), and\n--role proxy for that proxy itself (raise its limits).\n";

void options_of_recommend(po::options_description& add)
{
    add_run_options(add);
    add_format_option(add);
    add_path_options(add);
    add_expect_option(add);
    add.add_options()("for", po::value<std::string>()->value_name("STACK"),
                      "the settings as this software takes them, ready to paste (of one release: "
                      "go@1.19); list: which there are")(
        "role", po::value<std::string>()->value_name("ROLE"),
        "the side that STACK is on: client, server, proxy (the one that "
        "ends the connections) or behind-proxy (default: what the run "
        "saw)")("assume-timeout", po::value<std::string>()->value_name("TIME"),
                "without a database: so much silence is safe");
}

std::string list_of_stacks()
{
    std::string text;
    for (const auto& each : recommend::stacks())
        text += fmt::format("{:<24} {}\n", each.name, each.title);
    return text;
}

/// The stack that `--for` names, if any.
std::optional<std::string> chosen_stack(const po::variables_map& given)
{
    if (given.count("for") == 0)
        return std::nullopt;
    const auto& name = given["for"].as<std::string>();
    if (format_of(given) == output::json)
        throw usage_error("--for writes in the syntax of its stack; leave out --format");
    if (name == "list")
        return name;
    if (const auto why = recommend::unknown_stack(name))
        throw usage_error(*why);
    return name;
}

std::optional<recommend::role> told_role(const po::variables_map& given)
{
    if (given.count("role") == 0)
        return std::nullopt;
    const auto& text = given["role"].as<std::string>();
    if (given.count("for") == 0)
        throw usage_error("--role says on which side a stack is; add --for STACK");
    const auto told = recommend::parse_role(text);
    if (!told)
        throw usage_error(
            fmt::format("--role '{}' is not one of client, server, proxy, behind-proxy", text));
    return told;
}

void print(const po::variables_map& given, std::optional<store::run_id> which,
           std::vector<recommend::recommendation> settings,
           const recommend::recommendation& outlasting, bool ends_tcp)
{
    const auto stack = chosen_stack(given);
    const recommend::side on{.told = told_role(given), .ends_tcp = ends_tcp};
    if (stack) {
        settings.push_back(outlasting);
        if (const auto why = recommend::refuse(*stack, settings, on))
            throw usage_error(*why);
        fmt::print("{}", *recommend::settings_text(*stack, settings, on));
    } else if (format_of(given) == output::json)
        fmt::print("{}", report::recommendations_json(which, settings));
    else
        fmt::print("{}", report::recommendations_text(
                             settings, host::line_width(STDOUT_FILENO, report::wide)));
}

exit_code run_assumed(const po::variables_map& given)
{
    if (!given["db"].defaulted() || !given["run"].defaulted())
        throw usage_error("--assume-timeout needs no measurement; leave out --db and --run");
    if (given.count("expect") != 0)
        throw usage_error("--expect needs a measurement; leave out --assume-timeout");
    const auto safe = duration_option(given, "assume-timeout", timeout_range);
    print(given, std::nullopt,
          recommend::settings_for(recommend::assumed(safe), path_conditions(given, {})),
          recommend::outlasting(safe), false);
    return exit_code::done;
}

exit_code run_measured(const po::variables_map& given)
{
    auto from = open_database(given);
    const auto which = chosen_run(given, from);
    remark_on(which);
    const auto result = analyse(from, which.id, path_conditions(given, from.conditions(which.id)));
    const bool ends_tcp = recommend::ends_tcp_on_the_path(result.findings);
    print(given, which.id, result.settings, recommend::outlasting(result.findings), ends_tcp);
    const bool for_people = given.count("for") == 0 && format_of(given) == output::text;
    if (for_people && ends_tcp)
        fmt::print("\n{}", about_proxy);
    const auto expected = expected_product(given);
    const auto known = middleboxes_text(result.findings, expected);
    if (for_people && !known.empty())
        fmt::print("\n{}", known);
    const auto answered = verdict(which, result.findings, result.open);
    return answered == exit_code::done ? verdict_on(expected, result.findings) : answered;
}

exit_code run_recommend(const po::variables_map& given)
{
    (void)format_of(given);
    if (listed_middleboxes(given))
        return exit_code::done;
    if (chosen_stack(given) == "list") {
        fmt::print("{}", list_of_stacks());
        return exit_code::done;
    }
    return given.count("assume-timeout") != 0 ? run_assumed(given) : run_measured(given);
}

}  // namespace

const command recommend_command{"recommend", "prints the settings that follow, with reasons",
                                options_of_recommend, run_recommend,
                                "deadair-analysis recommend --db results.db --for linux-sysctl"};

}  // namespace deadair::command
