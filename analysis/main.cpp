#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <string_view>

#include "analysis/command/command.hpp"
#include "analysis/host/terminal.hpp"
#include "analysis/words/command_line.hpp"
#include "analysis/words/nearest.hpp"
#include "analysis/words/program.hpp"
#include "analysis/words/usage_error.hpp"
#include "deadair/version.hpp"

namespace deadair::command {
namespace {

std::string usage()
{
    std::string text =
        "deadair-analysis: from recorded probes to findings and settings.\n"
        "Usage: deadair-analysis COMMAND [OPTION]...\n\nCommands:\n";
    for (const auto& each : commands())
        text += fmt::format("  {:<12} {}\n", each.name, each.help);
    return text + "\ndeadair-analysis COMMAND --help tells the options of each.\n";
}

const command& find(std::string_view name)
{
    const auto all = commands();
    const auto found = std::ranges::find(
        all, name, [](const command& each) { return std::string_view{each.name}; });
    if (found != all.end())
        return *found;
    std::vector<std::string_view> known;
    for (const auto& each : all)
        known.emplace_back(each.name);
    throw usage_error(
        fmt::format("there is no command '{}'{}; see --help", name, did_you_mean(name, known)));
}

exit_code run(const command& chosen, int argc, const char* const* argv)
{
    po::options_description known{
        fmt::format("deadair-analysis {}: {}.\nUsage: deadair-analysis {} [OPTION]...{}\nExample: "
                    "{}\nA TIME is a number and its unit, as 1500ms, 90s, 15m, 2h, 1d.\n\nOptions",
                    chosen.name, chosen.help, chosen.name,
                    chosen.words != nullptr ? " FILE..." : "", chosen.example),
        static_cast<unsigned>(host::line_width(STDOUT_FILENO, 96))};
    chosen.options(known);
    known.add_options()("help", "this text");
    po::positional_options_description words;
    if (chosen.words != nullptr)
        words.add(chosen.words, -1);
    const auto given = read_command_line({argv + 1, argv + argc}, known, words,
                                         fmt::format("deadair-analysis {} --help", chosen.name));
    if (given.count("help") != 0) {
        std::ostringstream text;
        text << known;
        fmt::print("{}", text.str());
        return exit_code::done;
    }
    return chosen.run(given);
}

exit_code dispatch(int argc, const char* const* argv)
{
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (first == "--help") {
        fmt::print("{}", usage());
        return exit_code::done;
    }
    if (first == "--version") {
        fmt::print("deadair-analysis {}\n", version);
        return exit_code::done;
    }
    if (first.empty())
        throw usage_error("no command is given; see --help");
    return run(find(first), argc - 1, argv + 1);
}

}  // namespace
}  // namespace deadair::command

int main(int argc, char** argv)
{
    return deadair::run_program("deadair-analysis", [&] {
        const auto code = deadair::command::dispatch(argc, argv);
        if (std::fflush(stdout) != 0)
            throw std::runtime_error(
                fmt::format("cannot write the output: {}", std::strerror(errno)));
        return code;
    });
}
