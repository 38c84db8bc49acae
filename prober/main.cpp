#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string_view>
#include <vector>

#include "analysis/words/program.hpp"
#include "analysis/words/shell.hpp"
#include "analysis/words/url.hpp"
#include "deadair/version.hpp"
#include "prober/command/command.hpp"

namespace deadair::prober {
namespace {

const command* find(std::string_view name)
{
    const auto all = commands();
    const auto found = std::ranges::find(
        all, name, [](const command& each) { return std::string_view{each.name}; });
    return found == all.end() ? nullptr : &*found;
}

std::string usage(const command& of)
{
    std::ostringstream text;
    const std::string_view usual = commands().front().name;
    const auto named = of.name == usual ? fmt::format("[{}]", of.name) : std::string{of.name};
    text << fmt::format(
        "deadair-prober {}: {}.\nUsage: deadair-prober {} {} "
        "[OPTION]...\nExample: deadair-prober {} echo.example:7443 --pin sha256:… --token-file "
        "token\nA TIME is a number and its unit, as 1500ms, 90s, 15m, 2h, 1d.\n\nCommands "
        "(without one: {}):\n",
        of.name, of.help, named, of.words, of.name, usual);
    for (const auto& each : commands())
        text << fmt::format("  {:<10} {}\n", each.name, each.help);
    text << "deadair-prober COMMAND --help tells the options of each.\n\n" << options_of(of);
    return text.str();
}

// To be shown and pasted again, but for what is secret in it.
std::string asked(int argc, const char* const* argv)
{
    std::vector<std::string> words(argv, argv + argc);
    std::ranges::transform(words, words.begin(), without_secrets);
    return shell_line(words);
}

exit_code dispatch(int argc, const char* const* argv)
{
    std::vector<std::string> words(argv + 1, argv + argc);
    const auto* chosen = words.empty() ? nullptr : find(words.front());
    if (chosen != nullptr)
        words.erase(words.begin());
    else
        chosen = &commands().front();
    arguments from{.given = parse_words(words, *chosen), .asked = asked(argc, argv)};
    if (from.given.count("help") != 0) {
        fmt::print("{}", usage(*chosen));
        return exit_code::done;
    }
    if (from.given.count("version") != 0) {
        fmt::print("deadair-prober {}\n", version);
        return exit_code::done;
    }
    return chosen->run(from);
}

}  // namespace
}  // namespace deadair::prober

int main(int argc, char** argv)
{
    return deadair::run_program("deadair-prober",
                                [&] { return deadair::prober::dispatch(argc, argv); });
}
